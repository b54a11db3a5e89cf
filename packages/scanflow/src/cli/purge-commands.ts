import type { CommandRow } from "./command.ts";

/** Which tracker is meant. Without any: the application's, or outside of one that in the folder `tracker`. */
export const UPKEEP = [
  {
    flags: "--tracker <url>",
    description: "a tracker by its address (token: MLFLOW_TRACKING_TOKEN), or as --store",
  },
  { flags: "--store <url>", description: "a tracker by its database, as for track, running or not" },
  { flags: "--artifacts <place>", description: "where that tracker's files lie, as for track" },
];

const OPTIONS = [
  { flags: "--dry-run", description: "say what would go, and remove nothing" },
  { flags: "--yes", description: "do not ask" },
  ...UPKEEP,
];

/** The commands that remove from a tracker, for good. */
export const purgeCommands: readonly CommandRow[] = [
  {
    name: "purge runs",
    arguments: "<runs...>",
    about: ["ids of runs of the tracker"],
    summary: "remove runs with their files and the models made from them, for good",
    options: OPTIONS,
    load: async () => ({ command: (await import("./commands/purge.ts")).purgeRuns }),
  },
  {
    name: "purge experiment",
    arguments: "<experiment>",
    about: ["name of an experiment"],
    summary: "remove an experiment with everything below it, for good",
    options: OPTIONS,
    load: async () => ({ command: (await import("./commands/purge.ts")).purgeExperiment }),
  },
  {
    name: "purge model",
    arguments: "<model>",
    about: ["name of a registered model, also of one that was deleted"],
    summary: "remove a registered model with its versions and its history, for good",
    options: OPTIONS,
    load: async () => ({ command: (await import("./commands/purge.ts")).purgeModel }),
  },
  {
    name: "purge version",
    arguments: "<model> <versions...>",
    about: ["name of a registered model", "numbers of its versions"],
    summary: "remove versions with their aliases, tags and files that nothing else holds, for good",
    options: OPTIONS,
    load: async () => ({ command: (await import("./commands/purge.ts")).purgeVersions }),
  },
  {
    name: "purge deleted",
    summary: "remove for good what was deleted: runs, experiments, models, versions",
    options: [
      { flags: "--older-than <time>", description: "only what was deleted longer ago, such as 30d" },
      ...OPTIONS,
    ],
    load: async () => ({ command: (await import("./commands/purge.ts")).purgeDeleted }),
  },
];
