import { join } from "node:path";
import { line } from "../measure.ts";
import { compared, peak, seconds } from "./costs.ts";
import { inFolder } from "./folder.ts";
import type { Form } from "./form.ts";
import { makeTable } from "./make-table.ts";

/** Ten million rows in one pass. */
export function row(_form: Form): Promise<void> {
  return inFolder(async (folder) => {
    const path = join(folder, "current.csv");
    await makeTable(path, { rows: 10_000_000, columns: 5, seed: 1 });
    const cost = await compared(path);
    if (cost.rows !== 10_000_000) throw new Error(`${cost.rows} rows were read`);
    const rate = Math.round(cost.rows / (cost.wallMs / 1000)).toLocaleString("en");
    line(
      `10,000,000 × 5 CSV profiled in one pass: ${seconds([cost])}, ${rate} rows/s, peak ${peak([cost])} (aim 1 GB)`,
    );
  });
}
