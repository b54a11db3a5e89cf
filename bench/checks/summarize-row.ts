import { statSync } from "node:fs";
import { join } from "node:path";
import { type Cost, line } from "../measure.ts";
import { beside, compared, summarized } from "./costs.ts";
import { inFolder } from "./folder.ts";
import type { Form } from "./form.ts";
import { makeTable } from "./make-table.ts";

/** A million rows of CSV profiled and compared, beside DuckDB's own summary of the same file. */
export function row(form: Form): Promise<void> {
  const pairs = form === "long" ? 7 : 3;
  return inFolder(async (folder) => {
    const [current, reference] = [join(folder, "current.csv"), join(folder, "reference.csv")];
    await makeTable(current, { rows: 1_000_000, columns: 20, seed: 1 });
    await makeTable(reference, { rows: 100_000, columns: 20, seed: 2 });
    const [ours, theirs]: [Cost[], Cost[]] = [[], []];
    for (let pair = 0; pair < pairs; pair += 1) {
      theirs.push(await summarized(current));
      ours.push(await compared(current, reference));
    }
    const size = (statSync(current).size / 1e6).toFixed(0);
    line(
      `1,000,000 × 20 CSV (${size} MB) profiled and compared with 100,000 rows, DuckDB's SUMMARIZE of it alone (${pairs} pairs, aim 1.5)`,
    );
    beside(ours, ["SUMMARIZE", theirs]);
  });
}
