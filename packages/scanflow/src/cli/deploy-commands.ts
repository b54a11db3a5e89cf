import { deployOptions } from "../deploy/options.ts";
import type { CommandRow } from "./command.ts";

const TARGET = deployOptions.map(({ flags, description }) => ({ flags, description }));

/** The commands that bring an application to a platform. */
export const deployCommands: readonly CommandRow[] = [
  {
    name: "export",
    arguments: "<target> [workflow]",
    about: [
      "compose, stack, kubernetes, argo or kserve",
      "name of a workflow (default: all that run by themselves)",
    ],
    summary: "write the files by which a platform runs the application",
    options: [
      { flags: "--out <folder>", description: "where they go (default: deploy/TARGET beside the config)" },
      {
        flags: "--diff",
        description: "say what would change there, and write nothing; exit code 1 if something",
      },
      { flags: "--overwrite", description: "also where files were changed since, or are somebody else's" },
      ...TARGET,
    ],
    load: () => import("./commands/export.ts"),
  },
];
