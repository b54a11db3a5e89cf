import { basename, resolve } from "node:path";
import { z } from "zod";
import type { CommandFunction } from "../../command.ts";
import { amountText, showProgress } from "../../data/show-progress.ts";
import { EXIT } from "../../exit-code.ts";
import { readOptions } from "../../read-options.ts";
import { withTransfer } from "../../session.ts";
import { contentText, shortDigest } from "../../text/content.ts";
import { userName } from "../../user-name.ts";

const text = z.string().min(1, "must not be empty").optional();
const Options = z.object({
  name: text,
  owner: text,
  sensitivity: z
    .enum(["public", "internal", "confidential", "restricted"], {
      error: "must be public, internal, confidential or restricted",
    })
    .optional(),
  description: text,
  note: text,
});

export const command: CommandFunction = async (call) => {
  const options = readOptions(Options, call.options);
  const { output, directory } = call;
  const path = resolve(directory, call.arguments[0] ?? "");
  const { kind: _, ...added } = await withTransfer(call, (client) =>
    showProgress(
      output,
      client.data.add({ path, ...options, user: userName() }),
      (at) => `Adding ${options.name ?? basename(path)}: ${amountText(at)}`,
    ),
  );
  if (output.json) {
    output.document(added);
    return EXIT.done;
  }
  const { dataset, created, version } = added;
  const name = `${dataset}@${version.version}`;
  const told = `${contentText(version)}, ${shortDigest(version.digest)}`;
  if (created) output.line(`Added ${output.style("bold", name)}: ${told}.`);
  else output.line(`Unchanged: ${output.style("bold", name)} has this content already (${told}).`);
  return EXIT.done;
};
