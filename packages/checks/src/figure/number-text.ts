/** A number for a person: three digits that count, thousands with commas, very large and small ones with a power of ten. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e9 || size < 1e-4) return scientific(value, 2);
  if (Number.isInteger(value) || size >= 1_000) return withCommas(value.toFixed(0));
  return signed(trimmed(value.toPrecision(3)));
}

/** The decimals that tell neighbouring ticks apart. @param step between ticks */
export function tickText(value: number, step: number): string {
  const size = Math.abs(value);
  if (size < step / 1e6) return "0";
  if (size >= 1e7 || step < 1e-5)
    return scientific(value, Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9)));
  return withCommas(value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))));
}

function scientific(value: number, digits: number): string {
  const [mantissa = "", power = ""] = value.toExponential(Math.min(digits, 6)).split("e");
  return `${signed(trimmed(mantissa))}e${power.replace("+", "")}`;
}

function trimmed(digits: string): string {
  return digits.includes(".") ? digits.replace(/0+$/, "").replace(/\.$/, "") : digits;
}

function withCommas(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
  return signed(fraction === undefined ? grouped : `${grouped}.${fraction}`);
}

function signed(digits: string): string {
  return digits.replace(/^-/, "−");
}
