type Rows = readonly (readonly number[])[];

export function multiply(matrix: Rows, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0));
}

/** By Gauss and Jordan, with the largest pivot of each column. */
export function inverse(matrix: Rows): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, at) => [...row, ...row.map((_, other) => (at === other ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    const candidates = rows.slice(column).map((row) => Math.abs(row[column] ?? 0));
    const best = column + candidates.indexOf(Math.max(...candidates));
    const pivot = rows[best]?.[column] ?? 0;
    if (pivot === 0) throw new Error("The features depend on each other: the matrix has no inverse.");
    const scaled = (rows[best] ?? []).map((value) => value / pivot);
    rows[best] = rows[column] ?? [];
    rows[column] = scaled;
    for (const [at, row] of rows.entries()) {
      const factor = row[column] ?? 0;
      if (at !== column) rows[at] = row.map((value, other) => value - factor * (scaled[other] ?? 0));
    }
  }
  return rows.map((row) => row.slice(size));
}
