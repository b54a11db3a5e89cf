import type { JsonValue } from "@scanflow/core";

const longest = 60;

/** A value for people: numbers that are not whole with four decimals, lists and objects as short JSON. */
export function valueText(value: JsonValue): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return value;
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

export function numberText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 0.001 && size < 1e6 ? value.toFixed(4) : value.toPrecision(4);
}

/** A name as words: `testAccuracy` and `test_accuracy` are `test accuracy`. */
export function words(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
}
