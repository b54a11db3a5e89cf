import type { Comparison } from "../../deploy/index.ts";
import type { Call, CommandFunction } from "../command.ts";
import { openExport } from "../deploy/open-export.ts";
import { printDiff, toldChange } from "../deploy/print-diff.ts";
import type { Prepared } from "../deploy/read-deployment.ts";
import { EXIT } from "../exit-code.ts";

export const command: CommandFunction = async (call) => {
  const opened = await openExport(call);
  if (opened.diff) return printDiff(call, await opened.compare(opened.folder));
  print(call, opened, await opened.write());
  return EXIT.done;
};

function print({ output }: Call, prepared: Prepared, { folder, changes }: Comparison): void {
  const { target, deployment, shown } = prepared;
  const apply = target.apply(deployment, shown);
  if (output.json) {
    output.document({
      folder,
      target: target.name,
      plan: deployment.digest,
      files: changes.map(toldChange),
      apply,
    });
    return;
  }
  const same = changes.filter(({ kind }) => kind === "same").length;
  for (const { kind, path } of changes) {
    if (kind !== "same") output.line(`${output.style(COLOURS[kind], kind.padEnd(8))} ${shown}/${path}`);
  }
  if (same > 0) output.line(`${same} ${same === 1 ? "file" : "files"} unchanged in ${shown}`);
  output.line("Apply with:");
  output.line(`  ${apply}`);
}

const COLOURS = { new: "green", changed: "yellow", removed: "red" } as const;
