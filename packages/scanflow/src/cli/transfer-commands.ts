import type { CommandRow } from "./command.ts";
import { UPKEEP } from "./purge-commands.ts";

/** Which tracker is written to. Without any: the application's, or outside of one that in the folder `tracker`. */
const TRACKER = [
  { flags: "--store <url>", description: "a tracker by its database, as for track, while none runs" },
  { flags: "--artifacts <place>", description: "where that tracker's files lie, as for track" },
];

/** The commands that move runs into a tracker and out of it. */
export const transferCommands: readonly CommandRow[] = [
  {
    name: "import",
    arguments: "<source>",
    about: ["URL of a tracking server, an archive, or MLflow's SQLite file, such as mlflow.db"],
    summary: "take over experiments, runs and models from MLflow or another tracker",
    options: [
      {
        flags: "--artifacts-from <folder>",
        description:
          "where the files of an SQLite file lie (default: where it says, or mlartifacts beside it)",
      },
      { flags: "--prefix <text>", description: "put this before the names of experiments and models" },
      { flags: "--into <experiment>", description: "all runs go into this experiment" },
      ...TRACKER,
    ],
    load: () => import("./commands/import.ts"),
  },
  {
    name: "export experiment",
    arguments: "<experiments...>",
    about: ["names of experiments"],
    summary: "write experiments into one archive, with runs, models and files",
    options: [{ flags: "--out <file>", description: "the archive, such as digits.tar.gz" }, ...UPKEEP],
    load: () => import("./commands/export-experiment.ts"),
  },
  {
    name: "export runs",
    arguments: "<experiment>",
    about: ["name of an experiment"],
    summary: "write the runs of an experiment as CSV",
    options: [
      { flags: "--out <file>", description: "write to a file" },
      { flags: "--filter <filter>", description: 'only runs such as "metrics.accuracy > 0.9"' },
      ...UPKEEP,
    ],
    load: () => import("./commands/export-runs.ts"),
  },
];
