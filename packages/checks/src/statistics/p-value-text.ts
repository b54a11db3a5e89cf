/**
 * A p value for a person, alike in messages, tables and pages: two digits that count, and "below 1e-15" where the tail
 * of a simulation or of a limit law says no more than that.
 *
 * @param p 0 to 1
 */
export function pValueText(p: number): string {
  if (p < 1e-15) return "below 1e-15";
  return p < 1e-3 ? p.toExponential(1) : p.toPrecision(2);
}

/** Whether a field of a verdict's evidence holds a p value, by its name: `pValue`, `adjustedPValue`, … */
export function isPValue(field: string): boolean {
  return /pvalue$/i.test(field);
}
