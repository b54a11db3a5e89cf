import { z } from "zod";
import type { Client, RunDetail } from "../../api/index.ts";
import { codedError } from "../coded-error.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { endingText } from "../interrupt.ts";
import { ItemNames } from "../item-names.ts";
import { readOptions } from "../read-options.ts";
import { withRun } from "../session.ts";

const Options = z.object({ reason: z.string().optional() });

export const command: CommandFunction = async (call) => {
  const { reason } = readOptions(Options, call.options);
  const { output } = call;
  const [named = ""] = call.arguments;
  return withRun(call, {
    begin: async ({ runs }) => {
      const running = runningTasks(await runs.show({ run: named }));
      return { ...(await runs.cancel({ run: named, reason })), running };
    },
    follow: async ({ connection }, { running, ...begun }) => {
      if (running.length > 0) output.note(endingText(running));
      const ended = await endOf(connection.client, begun);
      const cancelled = ended.status === "cancelled";
      if (output.json) output.document(ended);
      else if (cancelled) output.line(`Run ${ended.run} is cancelled.`);
      else output.line(`Run ${ended.run} was not cancelled: it is ${ended.status}.`);
      return cancelled ? EXIT.done : EXIT.failed;
    },
  });
};

/** What ran when its owner ended does not run now. */
function runningTasks({ status, tasks }: RunDetail): string[] {
  if (status === "interrupted") return [];
  const items = new ItemNames(tasks);
  return tasks
    .filter(({ status }) => status === "running" || status === "up")
    .map(({ id }) => items.label(id));
}

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
