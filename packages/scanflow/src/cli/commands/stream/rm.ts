import { z } from "zod";
import { codedError } from "../../coded-error.ts";
import type { CommandFunction } from "../../command.ts";
import { askYes, requirePerson } from "../../confirm.ts";
import { EXIT } from "../../exit-code.ts";
import { readOptions } from "../../read-options.ts";
import { storeOption, withStreams } from "../../stream/open-streams.ts";

const Options = z.object({
  consumer: z.string().optional(),
  yes: z.boolean().default(false),
  ...storeOption,
});

export const command: CommandFunction = async (call) => {
  const { consumer, yes, store } = readOptions(Options, call.options);
  const [stream = ""] = call.arguments;
  const { output } = call;
  const what =
    consumer === undefined ? `the stream "${stream}"` : `the consumer "${consumer}" of "${stream}"`;
  if (!yes) {
    requirePerson(output);
    await askYes(`Remove ${what} with all that it holds, for good?`);
  }
  const removed = await withStreams(call, store, (log) =>
    consumer === undefined ? log.remove(stream) : log.removeConsumer(stream, consumer),
  );
  if (!removed) {
    throw codedError(
      "SCANFLOW_STREAM_UNKNOWN",
      `There is no such thing: ${what}. "scanflow stream ls" lists them.`,
    );
  }
  if (output.json) output.document({ stream, consumer: consumer ?? null });
  else output.line(`Removed ${what}.`);
  return EXIT.done;
};
