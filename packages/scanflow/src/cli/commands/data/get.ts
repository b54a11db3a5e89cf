import { resolve } from "node:path";
import type { CommandFunction } from "../../command.ts";
import { EXIT } from "../../exit-code.ts";
import { withClient } from "../../session.ts";

export const command: CommandFunction = async (call) => {
  const { output, directory } = call;
  const [version = "", place = ""] = call.arguments;
  const got = await withClient(call, (client) =>
    client.data.get({ version, path: resolve(directory, place) }),
  );
  if (output.json) output.document(got);
  else output.line(`${got.dataset}@${got.version} lies at ${place}.`);
  return EXIT.done;
};
