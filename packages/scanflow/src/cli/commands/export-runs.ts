import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { onTracker } from "../any-tracker.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { explainUnwritable } from "../output-file.ts";
import { readOptions } from "../read-options.ts";
import { upkeepOptions } from "../tracker-upkeep.ts";

const Options = z.object({
  ...upkeepOptions,
  out: z.string().min(1, "must name a file").optional(),
  filter: z.string().optional(),
});

export const command: CommandFunction = async (call) => {
  const { options, directory, output } = call;
  const [experiment = ""] = call.arguments;
  const { tracker, store, artifacts, out, filter } = readOptions(Options, options);
  const { runsAsCsv } = await import("@scanflow/tracking/transfer");
  const write = async (rows: AsyncGenerator<string>) => {
    if (out === undefined) {
      for await (const row of rows) output.write(row);
      return;
    }
    // Nothing is written over before the first row is there.
    const { value: head = "" } = await rows.next();
    const file = resolve(directory, out);
    await explainUnwritable(file, () => pipeline(Readable.from(follow(head, rows)), createWriteStream(file)));
  };
  await onTracker(
    call,
    { tracker, store, artifacts },
    {
      alone: (open) => open((tracking) => write(runsAsCsv(tracking, { experiment, filter }))),
      served: (server) => write(runsAsCsv(server, { experiment, filter })),
      owned: (client) => write(rowsOf(client.tracker.runsAsCsv({ experiment, filter }))),
    },
  );
  return EXIT.done;
};

async function* rowsOf(messages: AsyncIterable<{ readonly row: string }>): AsyncGenerator<string> {
  for await (const { row } of messages) yield row;
}

async function* follow(head: string, rows: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rows;
}
