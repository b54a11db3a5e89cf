import type { SliceFeature } from "../table/slice-table.ts";

/** The rows of each combination of some features' codes, summed up. The last feature's code runs fastest. */
export interface Cells {
  readonly rows: Float64Array;
  readonly losses: Float64Array;
}

/** One pass over the rows: a byte per feature and the loss are read, and two sums are raised. */
export function countCells(features: readonly SliceFeature[], losses: Float64Array): Cells {
  const [a, b, c] = features;
  const sizes = features.map(({ parts }) => parts.length);
  const size = sizes.reduce((product, own) => product * own, 1);
  const cells = { rows: new Float64Array(size), losses: new Float64Array(size) };
  if (a === undefined) return cells;
  if (b === undefined) countOne(a.codes, losses, cells);
  else if (c === undefined) countTwo([a.codes, b.codes], losses, { cells, second: b.parts.length });
  else {
    const third = c.parts.length;
    countThree([a.codes, b.codes, c.codes], losses, { cells, second: b.parts.length, third });
  }
  return cells;
}

function countOne(codes: Uint8Array, losses: Float64Array, { rows, losses: sums }: Cells): void {
  for (let row = 0; row < codes.length; row += 1) {
    const cell = codes[row] as number;
    (rows[cell] as number) += 1;
    (sums[cell] as number) += losses[row] as number;
  }
}

function countTwo(
  [a, b]: readonly [Uint8Array, Uint8Array],
  losses: Float64Array,
  { cells, second }: { readonly cells: Cells; readonly second: number },
): void {
  const { rows, losses: sums } = cells;
  for (let row = 0; row < a.length; row += 1) {
    const cell = (a[row] as number) * second + (b[row] as number);
    (rows[cell] as number) += 1;
    (sums[cell] as number) += losses[row] as number;
  }
}

function countThree(
  [a, b, c]: readonly [Uint8Array, Uint8Array, Uint8Array],
  losses: Float64Array,
  { cells, second, third }: { readonly cells: Cells; readonly second: number; readonly third: number },
): void {
  const { rows, losses: sums } = cells;
  for (let row = 0; row < a.length; row += 1) {
    const cell = ((a[row] as number) * second + (b[row] as number)) * third + (c[row] as number);
    (rows[cell] as number) += 1;
    (sums[cell] as number) += losses[row] as number;
  }
}
