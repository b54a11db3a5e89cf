import { deployOptions } from "../deploy/options.ts";
import type { CommandRow } from "./command.ts";

const TARGET = deployOptions.map(({ flags, description }) => ({ flags, description }));

const ABOUT = [
  "compose, stack, kubernetes, argo or kserve",
  "name of a workflow (default: all that run by themselves)",
];

/** The commands that bring an application to a platform. */
export const deployCommands: readonly CommandRow[] = [
  {
    name: "build",
    arguments: "[workflow]",
    about: ["name of a workflow (default: all that run by themselves)"],
    summary: "build the images that tasks run in, where they are not there yet",
    options: [
      { flags: "--push", description: "push them to the registry" },
      {
        flags: "--registry <place>",
        description:
          "push them there: host:port/prefix, or local, which is started (default: SCANFLOW_REGISTRY)",
      },
      { flags: "--shim", description: "with the shim in them, as Compose and Swarm run them" },
      { flags: "--dockerfiles <folder>", description: "write what they are built from, and build nothing" },
      { flags: "--remove", description: "remove the application's images, and build nothing" },
      {
        flags: "--remove-registry",
        description: "remove the local registry with what it holds, and build nothing",
      },
    ],
    load: () => import("./commands/build.ts"),
  },
  {
    name: "export",
    arguments: "<target> [workflow]",
    about: ABOUT,
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
  {
    name: "deploy",
    arguments: "<target> [workflow]",
    about: ABOUT,
    summary: "export, and have the platform's own tool apply it",
    options: [
      {
        flags: "--out <folder>",
        description: "where the files go (default: deploy/TARGET beside the config)",
      },
      {
        flags: "--diff",
        description: "say what would change on the platform, and change nothing; exit code 1 if something",
      },
      { flags: "--overwrite", description: "also where files were changed since, or are somebody else's" },
      ...TARGET,
    ],
    load: () => import("./commands/deploy.ts"),
  },
  {
    name: "undeploy",
    arguments: "<target> [workflow]",
    about: ABOUT,
    summary: "take the application from a platform, and wait until it is gone",
    options: [
      {
        flags: "--out <folder>",
        description: "where the files lie (default: deploy/TARGET beside the config)",
      },
      { flags: "--volumes", description: "with all that is kept of it there: runs, models, artifacts" },
      { flags: "--yes", description: "do not ask" },
      ...TARGET.filter(({ flags }) => flags.startsWith("--namespace")),
    ],
    load: () => import("./commands/undeploy.ts"),
  },
];
