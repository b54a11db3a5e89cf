/**
 * A p value for a person, alike in messages, tables and pages: two digits that count, and "below 1e-15" where the tail
 * of a simulation or of a limit law says no more than that.
 *
 * @param p 0 to 1
 */
export function pValueText(p: number): string {
  return p < 1e-15 ? "below 1e-15" : p.toPrecision(2);
}

/** Whether a field of a verdict's evidence holds a p value, by its name: `pValue`, `adjustedPValue`, … */
export function isPValue(field: string): boolean {
  return /pvalue$/i.test(field);
}
