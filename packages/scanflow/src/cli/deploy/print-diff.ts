import { type Comparison, type FileChange, lineDiff } from "../../deploy/index.ts";
import type { Call } from "../command.ts";
import { EXIT } from "../exit-code.ts";

/** What would change in a folder; the exit code says whether anything would. */
export function printDiff({ output }: Call, { changes }: Comparison): 0 | 1 {
  const changed = changes.filter(({ kind }) => kind !== "same");
  if (output.json) output.document({ changes: changed.map(toldChange) });
  else {
    for (const { path, before, after } of changed) output.write(lineDiff(before ?? "", after ?? "", path));
  }
  return changed.length === 0 ? EXIT.done : EXIT.failed;
}

/** A change as JSON tells it. */
export function toldChange({ path, kind, foreign }: FileChange) {
  return { path, change: kind, foreign };
}
