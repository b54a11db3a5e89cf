import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import { withClient } from "../../session.ts";

export const command: CommandFunction = async (call) => {
  const { output } = call;
  const [version = ""] = call.arguments;
  const removed = await withClient(call, (client) => client.data.remove({ version }));
  if (output.json) output.document(removed);
  else {
    output.line(
      `Forgot ${removed.dataset}@${removed.version}. "scanflow gc" removes its content where nothing else refers to it.`,
    );
  }
  return EXIT.done;
};
