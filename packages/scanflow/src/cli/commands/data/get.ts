import { resolve } from "node:path";
import type { CommandFunction } from "../../command.ts";
import { amountText, showProgress } from "../../data/show-progress.ts";
import { EXIT } from "../../exit-code.ts";
import { withTransfer } from "../../session.ts";

export const command: CommandFunction = async (call) => {
  const { output, directory } = call;
  const [version = "", place = ""] = call.arguments;
  const { kind: _, ...got } = await withTransfer(call, (client) =>
    showProgress(
      output,
      client.data.get({ version, path: resolve(directory, place) }),
      (at) => `Copying ${version}: ${amountText(at)}`,
    ),
  );
  if (output.json) output.document(got);
  else output.line(`${got.dataset}@${got.version} lies at ${place}.`);
  return EXIT.done;
};
