import { z } from "zod";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";

const Options = z.object({ reason: z.string().optional() });

export const command: CommandFunction = async (call) => {
  const { reason } = readOptions(Options, call.options);
  const { output } = call;
  const [named = ""] = call.arguments;
  return withRun(call, {}, async ({ connection }) => {
    const { client } = connection;
    const { run, seq } = await client.runs.cancel({ run: named, reason });
    for await (const { kind } of client.runs.watch({ run, after: seq, lines: false, until: "end" })) {
      if (kind === "rest" || kind === "broken") break;
    }
    const { status } = await client.runs.show({ run });
    if (output.json) output.document({ run, status });
    else output.line(`Run ${run} is ${status}.`);
    return status === "cancelled" ? EXIT.done : EXIT.failed;
  });
};
