import type { CommandRow } from "./command.ts";

const NAME = "name of a stream";
const STORE = {
  flags: "--store <place>",
  description: "an SQLite file or postgresql://… (default: .scanflow/streams.db of the application)",
};

/** The commands below `stream`. */
export const streamCommands: readonly CommandRow[] = [
  {
    name: "stream append",
    arguments: "<name> [file]",
    about: [NAME, "JSON lines, CSV, Parquet, … (default: JSON lines from standard input)"],
    summary: "append records to a stream; it is made with the first",
    options: [
      {
        flags: "--id <column>",
        description: "where a record's id stands; one that the stream has is left out (default: new ids)",
      },
      {
        flags: "--time <column>",
        description: "where its time stands: ISO text or milliseconds since 1970 (default: now)",
      },
      STORE,
    ],
    load: () => import("./commands/stream/append.ts"),
  },
  {
    name: "stream ls",
    summary: "list streams, with their consumers and how far these are",
    options: [STORE],
    load: () => import("./commands/stream/ls.ts"),
  },
  {
    name: "stream tail",
    arguments: "<name>",
    about: [NAME],
    summary: "print the last records of a stream, as JSON lines",
    options: [
      { flags: "-f, --follow", description: "go on as records come, until interrupted" },
      { flags: "--last <count>", description: "so many (default: 10)" },
      { flags: "--after <position>", description: "all behind this position instead" },
      STORE,
    ],
    load: () => import("./commands/stream/tail.ts"),
  },
  {
    name: "stream keep",
    arguments: "<name>",
    about: [NAME],
    summary: "say how much of a stream is kept; what a consumer still has to read stays in any case",
    options: [
      { flags: "--records <count>", description: "the last so many" },
      { flags: "--for <time>", description: "what was appended within so long, such as 30d" },
      STORE,
    ],
    load: () => import("./commands/stream/keep.ts"),
  },
  {
    name: "stream rm",
    arguments: "<name>",
    about: [NAME],
    summary: "remove a stream for good, or one consumer of it",
    options: [
      { flags: "--consumer <name>", description: "only this consumer, with its verdicts" },
      { flags: "--yes", description: "do not ask" },
      STORE,
    ],
    load: () => import("./commands/stream/rm.ts"),
  },
];
