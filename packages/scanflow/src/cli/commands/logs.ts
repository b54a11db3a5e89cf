import { z } from "zod";
import type { Client } from "../../api/index.ts";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { ItemNames } from "../item-names.ts";
import { ordinal, readOptions } from "../read-options.ts";
import { withClient } from "../session.ts";

const Options = z.object({ follow: z.boolean().default(false), attempt: ordinal.optional() });

export const command: CommandFunction = async (call) => {
  const { follow, attempt } = readOptions(Options, call.options);
  const [run = "", task = ""] = call.arguments;
  const place = { run, task, attempt };
  await withClient(call, (client) =>
    follow ? followLog(call, client, place) : printLog(call, client, place),
  );
  return EXIT.done;
};

interface Place {
  readonly run: string;
  readonly task: string;
  readonly attempt: number | undefined;
}

async function printLog({ output }: Call, client: Client, place: Place): Promise<void> {
  const first = await client.runs.log(place);
  const { run, tasks } = await client.runs.show({ run: place.run });
  if (first.run !== run) {
    output.note(
      `Task ${new ItemNames(tasks).label(place.task)} was taken from the cache; this is its log in run ${first.run}.`,
    );
  }
  let text = "";
  for (
    let page = first;
    ;
    page = await client.runs.log({ ...place, attempt: page.attempt, offset: page.nextOffset, run: page.run })
  ) {
    if (output.json) text += page.text;
    else output.write(page.text);
    if (page.end) break;
  }
  if (output.json) output.document({ run: first.run, task: first.task, attempt: first.attempt, text });
}

async function followLog({ output }: Call, client: Client, place: Place): Promise<void> {
  let attempt = place.attempt ?? 0;
  for await (const message of client.runs.followLog(place)) {
    if (message.kind !== "text") continue;
    if (output.json) {
      output.line(JSON.stringify({ attempt: message.attempt, text: message.text }));
      continue;
    }
    if (attempt !== 0 && message.attempt > attempt) output.note(`Attempt ${message.attempt}:`);
    attempt = message.attempt;
    output.write(message.text);
  }
}
