import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { withClient } from "../session.ts";

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const [named = "latest"] = call.arguments;
  const { run } = await withClient(call, (client) => client.runs.pause({ run: named }));
  if (output.json) output.document({ run, status: "paused" });
  else {
    output.line(`Run ${run} is paused: tasks that run go on to their end, and no more start.`);
    output.line(`Go on with "scanflow resume ${run}".`);
  }
  return EXIT.done;
};
