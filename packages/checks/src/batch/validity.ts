/** A bit per row, least significant first as in Apache Arrow: 1 where the row has a value. */
export type Validity = Uint8Array;

/** All rows missing: set those that are there with `setValid`. */
export function noneValid(rows: number): Validity {
  return new Uint8Array((rows + 7) >>> 3);
}

/** Says that a row has a value: for a validity that is being made. */
export function setValid(validity: Validity, row: number): void {
  validity[row >>> 3] = (validity[row >>> 3] as number) | (1 << (row & 7));
}

/** @param validity null when all rows are there */
export function isValid(validity: Validity | null, row: number): boolean {
  return validity === null || (((validity[row >>> 3] as number) >>> (row & 7)) & 1) === 1;
}

/** @param validity null when all rows are there */
export function countValid(validity: Validity | null, rows: number): number {
  if (validity === null) return rows;
  let count = 0;
  for (let row = 0; row < rows; row += 1) count += ((validity[row >>> 3] as number) >>> (row & 7)) & 1;
  return count;
}
