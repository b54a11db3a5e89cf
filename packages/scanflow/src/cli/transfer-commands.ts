import type { CommandRow } from "./command.ts";

/** Where a tracker that was started with `track` keeps things. */
const TRACKER = [
  { flags: "--store <url>", description: "the tracker's database, as for track" },
  { flags: "--artifacts <place>", description: "where the tracker's files lie, as for track" },
];

/** The commands that move runs into a tracker and out of it. */
export const transferCommands: readonly CommandRow[] = [
  {
    name: "import",
    arguments: "<file>",
    about: ["MLflow's SQLite file, such as mlflow.db"],
    summary: "take over experiments, runs and models from MLflow into a tracker",
    options: [
      {
        flags: "--artifacts-from <folder>",
        description: "where MLflow's files lie (default: where the database says, or mlartifacts beside it)",
      },
      { flags: "--prefix <text>", description: "put this before the names of experiments and models" },
      { flags: "--into <experiment>", description: "all runs go into this experiment" },
      ...TRACKER,
    ],
    load: () => import("./commands/import.ts"),
  },
  {
    name: "export runs",
    arguments: "<experiment>",
    about: ["name of an experiment"],
    summary: "write the runs of an experiment as CSV",
    options: [
      { flags: "--out <file>", description: "write to a file" },
      { flags: "--filter <filter>", description: 'only runs such as "metrics.accuracy > 0.9"' },
      ...TRACKER,
    ],
    load: () => import("./commands/export-runs.ts"),
  },
];
