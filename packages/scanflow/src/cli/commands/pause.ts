import type { Client } from "../../api/index.ts";
import { announce, chooseByStatus, newestRuns } from "../choose-run.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import type { Output } from "../output.ts";
import { withClient } from "../session.ts";

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const [named] = call.arguments;
  const { run } = await withClient(call, async (client) =>
    client.runs.pause({ run: named ?? (await chosenRun(client, output)) }),
  );
  if (output.json) output.document({ run, status: "paused" });
  else {
    output.line(`Run ${run} is paused: tasks that run go on to their end, and no more start.`);
    output.line(`Go on with "scanflow resume ${run}".`);
  }
  return EXIT.done;
};

async function chosenRun(client: Client, output: Output): Promise<string> {
  const choice = chooseByStatus(await newestRuns(client), ["running"]);
  if (!choice) return "latest";
  announce(choice, "pausing", output);
  return choice.chosen.run;
}
