import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { StreamRecord } from "../../../data/stream/index.ts";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import { untilInterrupted } from "../../interrupt.ts";
import { readOptions, whole } from "../../read-options.ts";
import { storeOption, unknownStream, withStreams } from "../../stream/open-streams.ts";

const Options = z.object({
  follow: z.boolean().default(false),
  last: whole.default(10),
  after: whole.optional(),
  ...storeOption,
});

const pollMs = 200;
const PAGE = 1000;

export const command: CommandFunction = async (call) => {
  const { follow, last, after, store } = readOptions(Options, call.options);
  const [stream = ""] = call.arguments;
  const { output } = call;
  const tell = (records: readonly StreamRecord[]) => {
    for (const record of records) output.line(JSON.stringify(record));
  };
  await withStreams(call, store, async (log) => {
    const known = await log.has(stream);
    if (!known && !follow) throw unknownStream(stream);
    if (!known) output.note(`There is no stream "${stream}" yet; waiting for its first record.`);
    let position = after ?? 0;
    if (after === undefined) {
      const records = await log.tail(stream, last);
      tell(records);
      position = records.at(-1)?.position ?? 0;
    }
    await untilInterrupted(async (signal) => {
      while (!signal.aborted) {
        const records = after === undefined && !follow ? [] : await log.read(stream, position, PAGE);
        tell(records);
        position = records.at(-1)?.position ?? position;
        if (records.length > 0) continue;
        if (!follow) return;
        await sleep(pollMs, undefined, { signal });
      }
    });
  });
  return EXIT.done;
};
