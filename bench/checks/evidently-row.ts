import { join } from "node:path";
import { line } from "../measure.ts";
import { pythonWith } from "../python-environment.ts";
import { beside, compared, type RowsCost, withEvidently } from "./costs.ts";
import { inFolder } from "./folder.ts";
import type { Form } from "./form.ts";
import { makeTable } from "./make-table.ts";

/**
 * A wide table against another of its size, beside Evidently's drift preset; Parquet, reading included. The short form has a tenth of
 * the rows, since Evidently takes many minutes.
 */
export async function row(form: Form): Promise<void> {
  const rows = form === "long" ? 356_000 : 35_600;
  const pairs = form === "long" ? 1 : 2;
  const python = await pythonWith("evidently", ["evidently==0.7.23", "pandas<3", "pyarrow"]);
  return inFolder(async (folder) => {
    const [current, reference] = [join(folder, "current.parquet"), join(folder, "reference.parquet")];
    await makeTable(current, { rows, columns: 100, seed: 1 });
    await makeTable(reference, { rows, columns: 100, seed: 2 });
    const [ours, theirs]: [RowsCost[], RowsCost[]] = [[], []];
    for (let pair = 0; pair < pairs; pair += 1) {
      theirs.push(await withEvidently(python, current, reference));
      ours.push(await compared(current, reference));
    }
    const shown = rows.toLocaleString("en");
    line(`${shown} × 100 against ${shown} × 100, Evidently's drift preset (${pairs} pairs, aim .10, 1 GB)`);
    beside(ours, ["Evidently", theirs]);
  });
}
