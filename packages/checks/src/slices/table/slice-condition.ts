import { nameText } from "../../json/quoted.ts";

/** What the rows of a slice have in common in one column. */
export type SliceCondition =
  | { readonly column: string; readonly kind: "is"; readonly values: readonly string[] }
  /** From `low` on and below `high`; null where there is no end. */
  | {
      readonly column: string;
      readonly kind: "range";
      readonly low: number | null;
      readonly high: number | null;
    }
  | { readonly column: string; readonly kind: "missing" };

/** A slice in words, such as `sex is Male and 30 ≤ age < 45`. No condition is all rows. */
export function describeSlice(conditions: readonly SliceCondition[]): string {
  return conditions.length === 0 ? "all rows" : conditions.map(describeCondition).join(" and ");
}

function describeCondition(condition: SliceCondition): string {
  const { column } = condition;
  if (condition.kind === "missing") return `${column} is missing`;
  if (condition.kind === "is") {
    const values = condition.values.map(nameText);
    return values.length === 1 ? `${column} is ${values[0]}` : `${column} is one of ${values.join(", ")}`;
  }
  const { low, high } = condition;
  if (low === null) return `${column} < ${shortened(high)}`;
  if (high === null) return `${column} ≥ ${shortened(low)}`;
  return `${shortened(low)} ≤ ${column} < ${shortened(high)}`;
}

function shortened(value: number | null): string {
  return String(Number((value ?? 0).toPrecision(6)));
}
