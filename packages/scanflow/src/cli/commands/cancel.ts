import { z } from "zod";
import type { Client } from "../../api/index.ts";
import { codedError } from "../coded-error.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";

const Options = z.object({ reason: z.string().optional() });

export const command: CommandFunction = async (call) => {
  const { reason } = readOptions(Options, call.options);
  const { output } = call;
  const [named = ""] = call.arguments;
  return withRun(call, {
    begin: (client) => client.runs.cancel({ run: named, reason }),
    follow: async ({ connection }, begun) => {
      const ended = await endOf(connection.client, begun);
      if (output.json) output.document(ended);
      else output.line(`Run ${ended.run} is ${ended.status}.`);
      return ended.status === "cancelled" ? EXIT.done : EXIT.failed;
    },
  });
};

async function endOf(
  client: Client,
  { run, seq }: { readonly run: string; readonly seq: number },
): Promise<{ run: string; status: string }> {
  for await (const message of client.runs.watch({ run, after: seq, lines: false })) {
    if (message.kind === "broken") throw codedError(message.error.code, message.error.message);
    if (message.kind === "rest") return { run, status: message.run?.status ?? "interrupted" };
  }
  return { run, status: "interrupted" };
}
