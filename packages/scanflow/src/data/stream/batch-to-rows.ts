import { type Column, type ColumnBatch, isoTime, isValid, type JsonValue } from "@scanflow/checks";

/**
 * A table as records: what is missing is left out, moments are ISO texts, tensors are flat lists.
 * A number that JSON has no word for (NaN, infinite) is left out too.
 */
export function* batchToRows({ rows, columns }: ColumnBatch): Generator<Record<string, JsonValue>> {
  for (let row = 0; row < rows; row += 1) {
    const record: Record<string, JsonValue> = {};
    for (const column of columns) {
      const value = isValid(column.validity, row) ? cellOf(column, row) : undefined;
      if (value !== undefined) record[column.name] = value;
    }
    yield record;
  }
}

function cellOf(column: Column, row: number): JsonValue | undefined {
  switch (column.kind) {
    case "number":
      return finite(column.values[row]);
    case "boolean":
      return column.values[row] === 1;
    case "text":
      return column.dictionary[column.codes[row] ?? 0];
    case "time": {
      const time = finite(column.values[row]);
      return time === undefined ? undefined : (isoTime(time) ?? undefined);
    }
    case "tensor": {
      const size =
        column.values.length === 0 ? 0 : column.shape.reduce((product, length) => product * length, 1);
      return Array.from(column.values.subarray(row * size, (row + 1) * size));
    }
  }
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
