import { cellOf } from "../../batch/cell-of.ts";
import type { Column } from "../../batch/column.ts";
import type { Dataset } from "../../checker/checker.ts";
import { rowsOf } from "../../checker/dataset-rows.ts";
import { nameText } from "../../json/quoted.ts";
import { numberWords, shareWords } from "../fault-words.ts";
import type { Fault } from "../schema.ts";

const NAMED = 8;

/** How many rows each group of a table has, by what its columns hold. */
export async function groupSizes(dataset: Dataset, columns: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for await (const batch of rowsOf(dataset, columns)) {
    const own = columns.flatMap((name) => batch.columns.filter((column) => column.name === name));
    for (let row = 0; row < batch.rows; row += 1) {
      const name = own.map((column) => partOf(column, row)).join(", ");
      sizes.set(name, (sizes.get(name) ?? 0) + 1);
    }
  }
  return sizes;
}

function partOf(column: Column, row: number): string {
  const numeric = column.kind === "number" || column.kind === "time";
  if (numeric && !Number.isFinite(column.values[row])) return "missing";
  return nameText(String(cellOf(column, row) ?? "missing"));
}

/** Groups, or classes, of so few rows that nothing can be told of them. */
export function smallGroupFaults(
  sizes: ReadonlyMap<string, number>,
  {
    column,
    least,
    what,
  }: { readonly column: string; readonly least: number; readonly what: "groups" | "classes" },
): Fault[] {
  const small = [...sizes].filter(([, rows]) => rows < least).sort(([, a], [, b]) => a - b);
  if (small.length === 0) return [];
  const named = small.slice(0, NAMED).map(([name, rows]) => `${nameText(name)} ${numberWords(rows)}`);
  const more = small.length > NAMED ? `, and ${small.length - NAMED} more` : "";
  return [
    {
      rule: "smallGroup",
      status: "warning",
      column,
      rows: small.reduce((sum, [, rows]) => sum + rows, 0),
      firstRows: [],
      examples: small.slice(0, NAMED).map(([name]) => name),
      message: `${small.length} of ${sizes.size} ${what} have fewer than ${least} rows (${named.join(", ")}${more})`,
      action: "collect more of them, or say that nothing is known of how well a model does there",
    },
  ];
}

/** Classes that are far rarer than the commonest. */
export function imbalanceFaults(
  sizes: ReadonlyMap<string, number>,
  { label, minimumRatio }: { readonly label: string; readonly minimumRatio: number },
): Fault[] {
  const [commonest, ...others] = [...sizes].sort(([, a], [, b]) => b - a);
  if (commonest === undefined) return [];
  const rare = others.filter(([, rows]) => rows < minimumRatio * commonest[1]);
  const total = [...sizes.values()].reduce((sum, rows) => sum + rows, 0);
  const named = rare
    .slice(-NAMED)
    .map(([name, rows]) => `${nameText(name)} ${shareWords(rows / total)}`)
    .reverse();
  if (rare.length === 0) return [];
  return [
    {
      rule: "imbalance",
      status: "warning",
      column: label,
      rows: rare.reduce((sum, [, rows]) => sum + rows, 0),
      firstRows: [],
      examples: rare.slice(-NAMED).map(([name]) => name),
      message:
        `${rare.length} of ${sizes.size} classes are rarer than ${shareWords(minimumRatio)} of the commonest ` +
        `(${named.join(", ")}${rare.length > NAMED ? ", …" : ""}; ${nameText(commonest[0])} ${shareWords(commonest[1] / total)})`,
      action: "judge by figures of each class, such as recall, and not by accuracy alone",
    },
  ];
}
