/** A number in a message: "16,281", "0.25". */
export function numberWords(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString("en-US");
  return String(Number(value.toPrecision(6)));
}
