import { z } from "zod";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import { readOptions, span, whole } from "../../read-options.ts";
import { storeOption, withStreams } from "../../stream/open-streams.ts";
import { codedUsageError } from "../../usage-error.ts";

const Options = z.object({ records: whole.optional(), for: span.optional(), ...storeOption });

export const command: CommandFunction = async (call) => {
  const { records = null, for: ms = null, store } = readOptions(Options, call.options);
  if (records === null && ms === null) {
    throw codedUsageError("Say how much is kept: --records COUNT, --for TIME, or both.");
  }
  const [stream = ""] = call.arguments;
  await withStreams(call, store, (log) => log.keep(stream, { records, ms }));
  if (call.output.json) call.output.document({ stream, records, ms });
  else call.output.line(`Kept of ${stream} from now on: ${keptText(records, call.options.for)}.`);
  return EXIT.done;
};

function keptText(records: number | null, time: unknown): string {
  const limits = [
    ...(records === null ? [] : [`its last ${records} records`]),
    ...(time === undefined ? [] : [`what was appended within ${time}`]),
  ];
  return `${limits.join(" and, of these, ")}, and what a consumer still has to read`;
}
