import type { CommandRow } from "./command.ts";

const VERSION = "NAME@VERSION, or NAME for its newest version";
const REMOTE = {
  flags: "--remote <place>",
  description: "a folder, or s3://BUCKET/PREFIX (default: the one used last)",
};

/** The commands below `data`. */
export const dataCommands: readonly CommandRow[] = [
  {
    name: "data add",
    arguments: "<path>",
    about: ["a file or a folder"],
    summary: "keep a file or folder as the next version of a dataset",
    options: [
      { flags: "--name <name>", description: "of the dataset (default: the file's or folder's)" },
      { flags: "--owner <owner>", description: "who answers for the dataset" },
      {
        flags: "--sensitivity <level>",
        description: "public, internal (the default), confidential or restricted",
      },
      { flags: "--description <text>", description: "what the dataset is" },
      { flags: "--note <text>", description: "what is new in this version" },
    ],
    load: () => import("./commands/data/add.ts"),
  },
  {
    name: "data ls",
    arguments: "[words...]",
    about: ["that stand in a name, owner, note, column or digest (default: all datasets)"],
    summary: "list datasets",
    options: [{ flags: "--versions", description: "every version, not only the newest" }],
    load: () => import("./commands/data/ls.ts"),
  },
  {
    name: "data show",
    arguments: "<version>",
    about: [VERSION],
    summary: "show a version of a dataset: content, columns, people",
    load: () => import("./commands/data/show.ts"),
  },
  {
    name: "data diff",
    arguments: "<version> [other]",
    about: [VERSION, "the version to compare it with (default: it is compared with the one before)"],
    summary: "say what is different between two versions",
    load: () => import("./commands/data/diff.ts"),
  },
  {
    name: "data status",
    summary: "say whether the files that datasets were added from are still their newest versions",
    options: [
      {
        flags: "--remote [url]",
        description: "say too what that remote lacks (without a URL: the one used last)",
      },
    ],
    load: () => import("./commands/data/status.ts"),
  },
  {
    name: "data get",
    arguments: "<version> <path>",
    about: [VERSION, "where to put it; nothing may lie there"],
    summary: "put the content of a version at a path",
    load: () => import("./commands/data/get.ts"),
  },
  {
    name: "data push",
    arguments: "[version]",
    about: ["NAME@VERSION, or NAME for all its versions (default: all datasets)"],
    summary: "send versions to a remote: a folder or S3",
    options: [REMOTE],
    load: () => import("./commands/data/push.ts"),
  },
  {
    name: "data pull",
    arguments: "[version]",
    about: ["NAME@VERSION, or NAME for its newest version (default: the newest of each dataset)"],
    summary: "fetch versions from a remote",
    options: [REMOTE, { flags: "--all", description: "the older versions too" }],
    load: () => import("./commands/data/pull.ts"),
  },
  {
    name: "data rm",
    arguments: "<version>",
    about: ["NAME@VERSION"],
    summary: "forget a version; gc then removes its content",
    load: () => import("./commands/data/rm.ts"),
  },
];
