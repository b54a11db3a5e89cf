import type { SqlValue } from "./statement.ts";

type Column =
  | Float64Array
  | { readonly texts: readonly string[]; readonly at: Uint32Array }
  | readonly SqlValue[];

/** Rows of one statement, column by column: copied to another thread as a few pieces of memory, not value by value. */
export interface PackedRows {
  readonly count: number;
  readonly columns: readonly Column[];
}

/** Fewer rows are not worth it. */
const fewest = 32;

/** Packs the rows of a statement for the way to another thread; undefined when they go as fast as they are. */
export function packRows(rows: readonly (readonly SqlValue[])[]): PackedRows | undefined {
  const width = rows[0]?.length ?? 0;
  if (rows.length < fewest || rows.some((row) => row.length !== width)) return undefined;
  const columns = Array.from({ length: width }, (_, at) => packColumn(rows, at));
  return { count: rows.length, columns };
}

function packColumn(rows: readonly (readonly SqlValue[])[], column: number): Column {
  const [first] = rows;
  if (typeof first?.[column] === "number") return numbers(rows, column) ?? values(rows, column);
  if (typeof first?.[column] === "string") return texts(rows, column) ?? values(rows, column);
  return values(rows, column);
}

function numbers(rows: readonly (readonly SqlValue[])[], column: number): Float64Array | undefined {
  const packed = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]?.[column];
    if (typeof value !== "number") return undefined;
    packed[i] = value;
  }
  return packed;
}

/** Texts that come again and again, as keys do. */
function texts(rows: readonly (readonly SqlValue[])[], column: number): Column | undefined {
  const at = new Uint32Array(rows.length);
  const known = new Map<string, number>();
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]?.[column];
    if (typeof value !== "string") return undefined;
    let index = known.get(value);
    if (index === undefined) {
      index = known.size;
      known.set(value, index);
    }
    at[i] = index;
  }
  return { texts: [...known.keys()], at };
}

function values(rows: readonly (readonly SqlValue[])[], column: number): SqlValue[] {
  return rows.map((row) => row[column] ?? null);
}

/** Gives each row to a function, in order. The row is the same array each time: it is valid during the call only. */
export function eachRow({ count, columns }: PackedRows, work: (row: readonly SqlValue[]) => void): void {
  const row: SqlValue[] = columns.map(() => null);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < columns.length; c++) row[c] = cell(columns[c], i);
    work(row);
  }
}

function cell(column: Column | undefined, i: number): SqlValue {
  if (column === undefined) return null;
  if ("texts" in column) return column.texts[column.at[i] ?? 0] ?? null;
  return column[i] ?? null;
}
