import type { Column } from "../../batch/column.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { tensorSize } from "../../batch/tensor-size.ts";
import { isValid } from "../../batch/validity.ts";
import type { ColumnProfile } from "../../profile/column-profile.ts";
import { describeMoments } from "../../profile/moments.ts";
import type { Profile } from "../../profile/profile.ts";
import { distinctCount } from "../../profile/profile-parts.ts";
import { quantile } from "../../profile/quantile.ts";

/** Rows as points between which a distance can be taken: numbers on one scale, and codes that are equal or not. */
export interface MixedRows {
  readonly rows: number;
  readonly width: number;
  /** Row-major, `width` a row; NaN where one is missing. */
  readonly numbers: Float32Array;
  readonly codesWidth: number;
  /** Row-major, `codesWidth` a row; -1 where one is missing. */
  readonly codes: Int32Array;
}

/** How one column becomes a part of a point. */
type Part =
  | { readonly kind: "number"; readonly name: string; readonly middle: number; readonly scale: number }
  | {
      readonly kind: "tensor";
      readonly name: string;
      readonly size: number;
      readonly middle: number;
      readonly scale: number;
    }
  | { readonly kind: "code"; readonly name: string; readonly codes: Map<string, number> };

/** Makes points of rows, always by the scales of one reference. */
export interface RowEncoder {
  readonly columns: readonly string[];
  encode(batch: ColumnBatch): MixedRows;
}

/**
 * Scales are those of the reference: numbers by median and quartiles, drawn together far out (asinh), so that a column
 * with a long tail does not drown the others; texts and booleans are equal or not. Columns that nearly always differ,
 * such as names and ids, say nothing and are left out, as are times.
 */
export function createRowEncoder(reference: Profile, label: string): RowEncoder {
  const parts = reference.columns.flatMap((column) =>
    column.name === label ? [] : partOf(column, reference.rows),
  );
  const width = parts.reduce(
    (sum, part) => sum + (part.kind === "number" ? 1 : part.kind === "tensor" ? part.size : 0),
    0,
  );
  const codesWidth = parts.filter(({ kind }) => kind === "code").length;

  function encode(batch: ColumnBatch): MixedRows {
    const numbers = new Float32Array(batch.rows * width).fill(Number.NaN);
    const codes = new Int32Array(batch.rows * codesWidth).fill(-1);
    let at = 0;
    let codeAt = 0;
    for (const part of parts) {
      const column = columnOf(batch, part.name);
      if (part.kind === "code") {
        if (column !== undefined) writeCodes(column, part.codes, { codes, width: codesWidth, at: codeAt });
        codeAt += 1;
        continue;
      }
      const size = part.kind === "tensor" ? part.size : 1;
      if (column !== undefined) writeNumbers(column, part, { numbers, width, at, size });
      at += size;
    }
    return { rows: batch.rows, width, numbers, codesWidth, codes };
  }

  return { columns: parts.map(({ name }) => name), encode };
}

function partOf(column: ColumnProfile, rows: number): Part[] {
  const { name } = column;
  switch (column.kind) {
    case "number": {
      const middle = quantile(column, 0.5);
      const { sd } = describeMoments(column);
      if (middle === null || sd === null || !(sd > 0)) return [];
      const quartiles = ((quantile(column, 0.75) ?? middle) - (quantile(column, 0.25) ?? middle)) / 1.349;
      return [{ kind: "number", name, middle, scale: quartiles > 0 ? Math.min(quartiles, sd) : sd }];
    }
    case "boolean":
    case "text": {
      const distinct = distinctCount(column)?.count ?? 0;
      return distinct < 2 || distinct > Math.max(20, rows / 20)
        ? []
        : [{ kind: "code", name, codes: new Map() }];
    }
    case "tensor": {
      if (column.shape === null) return [];
      const low = column.minima.min ?? 0;
      const high = column.maxima.max ?? 1;
      const size = tensorSize(column.shape);
      // A picture weighs as much as four columns, whatever its size.
      const scale = (Math.max(1e-12, (high - low) / 2) * Math.sqrt(size)) / 8;
      return [{ kind: "tensor", name, size, middle: (low + high) / 2, scale }];
    }
    case "time":
      return [];
  }
}

function writeNumbers(
  column: Column,
  { middle, scale, kind }: { readonly middle: number; readonly scale: number; readonly kind: string },
  {
    numbers,
    width,
    at,
    size,
  }: { readonly numbers: Float32Array; readonly width: number; readonly at: number; readonly size: number },
): void {
  if (column.kind !== kind) return;
  const { values, validity } = column as Column & { kind: "number" | "tensor" };
  const rows = numbers.length / Math.max(1, width);
  for (let row = 0; row < rows; row += 1) {
    if (!isValid(validity, row)) continue;
    for (let own = 0; own < size; own += 1)
      numbers[row * width + at + own] = farness(((values[row * size + own] as number) - middle) / scale);
  }
}

function writeCodes(
  column: Column,
  known: Map<string, number>,
  { codes, width, at }: { readonly codes: Int32Array; readonly width: number; readonly at: number },
): void {
  const codeOf = (text: string) => {
    const code = known.get(text) ?? known.size;
    known.set(text, code);
    return code;
  };
  const rows = codes.length / Math.max(1, width);
  for (let row = 0; row < rows; row += 1) {
    if (!isValid(column.validity, row)) continue;
    if (column.kind === "text")
      codes[row * width + at] = codeOf(column.dictionary[column.codes[row] as number] ?? "");
    else if (column.kind === "boolean") codes[row * width + at] = column.values[row] as number;
  }
}

/** An infinite value is as far as a number can be, and not so far that its row has no neighbour at all. */
function farness(value: number): number {
  return Math.asinh(Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)));
}
