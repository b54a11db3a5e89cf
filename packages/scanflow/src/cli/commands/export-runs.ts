import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { trackerOptions } from "../tracker-options.ts";

const Options = z.object({
  ...trackerOptions,
  out: z.string().min(1, "must name a file").optional(),
  filter: z.string().optional(),
});

export const command: CommandFunction = async ({
  arguments: [experiment = ""],
  options,
  directory,
  output,
}) => {
  const { store, artifacts, out, filter } = readOptions(Options, options);
  const [{ withTracking }, { runsAsCsv }] = await Promise.all([
    import("@scanflow/tracking/server"),
    import("@scanflow/tracking/transfer"),
  ]);
  await withTracking({ store, artifacts, folder: directory }, async (tracking) => {
    const rows = runsAsCsv(tracking, { experiment, filter });
    if (out === undefined) {
      for await (const row of rows) output.write(row);
      return;
    }
    // Nothing is written over before the first row is there.
    const { value: head = "" } = await rows.next();
    await pipeline(Readable.from(follow(head, rows)), createWriteStream(resolve(directory, out)));
  });
  return EXIT.done;
};

async function* follow(head: string, rows: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rows;
}
