/** Numbers in rows and columns; row r, column c lies at `values[r * columns + c]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function createMatrix(
  rows: number,
  columns: number,
  values: Float64Array = new Float64Array(rows * columns),
): Matrix {
  if (values.length !== rows * columns) {
    throw new Error(`A ${rows} x ${columns} matrix has ${rows * columns} values, not ${values.length}.`);
  }
  return { rows, columns, values };
}

export function rowOf({ columns, values }: Matrix, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

export function pickRows(matrix: Matrix, rows: ArrayLike<number>): Matrix {
  const picked = createMatrix(rows.length, matrix.columns);
  for (let i = 0; i < rows.length; i += 1) rowOf(picked, i).set(rowOf(matrix, rows[i] as number));
  return picked;
}

/** a b */
export function product(a: Matrix, b: Matrix): Matrix {
  const result = createMatrix(a.rows, b.columns);
  for (let i = 0; i < a.rows; i += 1) {
    const target = rowOf(result, i);
    for (let k = 0; k < a.columns; k += 1) {
      addScaled(target, rowOf(b, k), a.values[i * a.columns + k] as number);
    }
  }
  return result;
}

/** aᵀ b */
export function transposedProduct(a: Matrix, b: Matrix): Matrix {
  const result = createMatrix(a.columns, b.columns);
  for (let i = 0; i < a.rows; i += 1) {
    const source = rowOf(b, i);
    for (let k = 0; k < a.columns; k += 1) {
      addScaled(rowOf(result, k), source, a.values[i * a.columns + k] as number);
    }
  }
  return result;
}

/** a bᵀ */
export function productTransposed(a: Matrix, b: Matrix): Matrix {
  const result = createMatrix(a.rows, b.rows);
  for (let i = 0; i < a.rows; i += 1) {
    const left = rowOf(a, i);
    for (let j = 0; j < b.rows; j += 1) result.values[i * b.rows + j] = dot(left, rowOf(b, j));
  }
  return result;
}

/** target += factor source */
export function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < target.length; i += 1) {
    target[i] = (target[i] as number) + factor * (source[i] as number);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
