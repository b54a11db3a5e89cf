import type { Column, TextColumn } from "./column.ts";
import type { ColumnBatch } from "./column-batch.ts";
import { tensorSize } from "./tensor-size.ts";
import { isValid, noneValid, setValid, type Validity } from "./validity.ts";

/**
 * The rows at `indices`, in that order; a row may be taken more than once. Few rows take only the texts they
 * need of a dictionary, so that they do not hold the others in memory.
 *
 * @param indices from 0 to `batch.rows - 1`, not checked
 */
export function takeRows(batch: ColumnBatch, indices: ArrayLike<number>): ColumnBatch {
  return { rows: indices.length, columns: batch.columns.map((column) => takeColumn(column, indices)) };
}

function takeColumn(column: Column, indices: ArrayLike<number>): Column {
  const validity = takeValidity(column.validity, indices);
  switch (column.kind) {
    case "number":
    case "time":
      return {
        ...column,
        validity,
        values: gather(new Float64Array(indices.length), column.values, indices),
      };
    case "boolean":
      return { ...column, validity, values: gather(new Uint8Array(indices.length), column.values, indices) };
    case "text":
      return takeTexts({
        ...column,
        validity,
        codes: gather(new Int32Array(indices.length), column.codes, indices),
      });
    case "tensor": {
      const size = tensorSize(column.shape);
      const values = new Float32Array(indices.length * size);
      for (let at = 0; at < indices.length; at += 1) {
        const from = (indices[at] as number) * size;
        values.set(column.values.subarray(from, from + size), at * size);
      }
      return { ...column, validity, values };
    }
  }
}

function takeTexts(column: TextColumn): TextColumn {
  if (column.codes.length >= column.dictionary.length) return column;
  const places = new Map<number, number>();
  const codes = column.codes.map((code) => {
    const place = places.get(code) ?? places.size;
    places.set(code, place);
    return place;
  });
  const dictionary = Array.from(places.keys(), (code) => column.dictionary[code] ?? "");
  return { ...column, codes, dictionary };
}

function gather<Values extends Float64Array | Uint8Array | Int32Array>(
  target: Values,
  source: Values,
  indices: ArrayLike<number>,
): Values {
  for (let at = 0; at < indices.length; at += 1) target[at] = source[indices[at] as number] as number;
  return target;
}

function takeValidity(validity: Validity | null, indices: ArrayLike<number>): Validity | null {
  if (validity === null) return null;
  const taken = noneValid(indices.length);
  let missing = false;
  for (let at = 0; at < indices.length; at += 1) {
    if (isValid(validity, indices[at] as number)) setValid(taken, at);
    else missing = true;
  }
  return missing ? taken : null;
}
