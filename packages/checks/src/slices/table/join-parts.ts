import type { SliceCondition } from "./slice-condition.ts";

/** One condition for several parts of a column; parts that are not beside each other are joined by their texts. */
export function joinParts(parts: readonly SliceCondition[], codes: ReadonlySet<number>): SliceCondition {
  const chosen = [...codes].sort((a, b) => a - b).map((code) => parts[code] as SliceCondition);
  const [first] = chosen as [SliceCondition, ...SliceCondition[]];
  if (chosen.length === 1) return first;
  const last = chosen.at(-1) ?? first;
  if (first.kind === "range" && last.kind === "range") return { ...first, high: last.high };
  const values = chosen.flatMap((part) => {
    if (part.kind === "is") return part.values;
    if (part.kind === "missing") return ["(missing)"];
    return [`${part.low ?? "-∞"} to ${part.high ?? "∞"}`];
  });
  return { column: first.column, kind: "is", values };
}
