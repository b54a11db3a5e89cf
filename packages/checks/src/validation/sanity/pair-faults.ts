import { adjustPValues } from "../../statistics/adjust-p-values.ts";
import type { Fault } from "../schema.ts";
import type { ChangedPair, MeasuredPair } from "./column-pairs.ts";

const NAMED = 4;

/** Columns that hold the same as an earlier one in other words, each once. */
export function copyFaults(
  pairs: readonly MeasuredPair[],
  { rows, limit }: { readonly rows: number; readonly limit: number },
): Fault[] {
  const told = new Set<string>();
  const copies = pairs.filter(({ columns: [, second], value, same }) => {
    if (!same || Math.abs(value) < limit || told.has(second)) return false;
    told.add(second);
    return true;
  });
  return copies.map(({ columns: [first, second], measure, value }) => ({
    rule: "copy",
    status: "warning",
    column: second,
    rows,
    firstRows: [],
    examples: [],
    message: `it holds the same as "${first}" (${measure} ${value.toFixed(3)})`,
    action: "leave one of the two out: a model divides its weight between them, and importances mislead",
  }));
}

/** Pairs that no longer go together as they did: by more than chance, and by enough to matter. */
export function changedPairs(
  pairs: readonly ChangedPair[],
  { level, minimumChange }: { readonly level: number; readonly minimumChange: number },
): ChangedPair[] {
  const adjusted = adjustPValues(pairs.map(({ pValue }) => pValue));
  return pairs.filter(
    ({ value, before }, at) => (adjusted[at] as number) <= level && Math.abs(value - before) >= minimumChange,
  );
}

/**
 * One fault per column that most of the changed pairs have in common.
 *
 * @param label a change of what a column says about it is an alarm: what was learnt no longer holds
 */
export function changeFaults(
  changed: readonly ChangedPair[],
  { rows, label }: { readonly rows: number; readonly label: string | undefined },
): Fault[] {
  const faults: Fault[] = [];
  let left = [...changed];
  while (left.length > 0) {
    const column = mostFrequent(left, label);
    const own = left
      .filter(({ columns }) => columns.includes(column))
      .sort((a, b) => Math.abs(b.value - b.before) - Math.abs(a.value - a.before));
    left = left.filter(({ columns }) => !columns.includes(column));
    const words = own.slice(0, NAMED).map(({ columns: [a, b], measure, value, before }) => {
      const other = a === column ? b : a;
      return `"${other}" (${measure} ${before.toFixed(2)} in the reference, ${value.toFixed(2)} here)`;
    });
    const more = own.length > NAMED ? ` and ${own.length - NAMED} more` : "";
    const ofLabel = own.some(({ columns }) => label !== undefined && columns.includes(label));
    faults.push({
      rule: "relation",
      status: ofLabel ? "alarm" : "warning",
      column,
      rows,
      firstRows: [],
      examples: [],
      message: `it goes together otherwise with ${words.join(", ")}${more}`,
      action: ofLabel
        ? "see whether labels or rows were mixed up; else train again, since what was learnt no longer holds"
        : "see whether rows of one column were shifted or shuffled, or its meaning changed",
    });
  }
  return faults;
}

/** Of a single pair it is the one that is not the label. */
function mostFrequent(pairs: readonly ChangedPair[], label: string | undefined): string {
  const counts = new Map<string, number>();
  for (const name of pairs.flatMap(({ columns }) => columns)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [best] = [...counts].sort(([a, m], [b, n]) => n - m || Number(a === label) - Number(b === label));
  return best?.[0] ?? "";
}
