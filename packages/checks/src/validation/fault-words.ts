/** A number in a message: "16,281", "0.25". */
export function numberWords(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString("en-US");
  return String(Number(value.toPrecision(6)));
}

/** A share of 0 to 1 in a message, by two digits: "13 %", "0.0061 %". */
export function shareWords(value: number): string {
  const percent = Number((100 * value).toPrecision(2));
  return percent > 0 && percent < 1e-4 ? "less than 0.0001 %" : `${percent} %`;
}
