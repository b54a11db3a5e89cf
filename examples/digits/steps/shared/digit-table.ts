import { readFile, writeFile } from "node:fs/promises";
import { createMatrix, type Matrix, pickRows, rowOf } from "./matrix.ts";

export const CLASSES = 10;
/** Pixels a side. */
export const SIDE = 8;
/** The columns of a digit file, in order: `pixel_<row>_<column>`, then `label`. */
export const PIXELS = Array.from(
  { length: SIDE * SIDE },
  (_, index) => `pixel_${Math.floor(index / SIDE)}_${index % SIDE}`,
);
const HEADER = [...PIXELS, "label"];

/** Images of digits with what they show. */
export interface DigitTable {
  /** One image a row, one pixel a column. */
  readonly pixels: Matrix;
  /** The digit, 0 to 9, of each row. */
  readonly labels: Uint8Array;
}

/** Reads a CSV file of digits; a fault is told with its line and column. */
export async function readDigits(path: string): Promise<DigitTable> {
  const lines = (await readFile(path, "utf8")).split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const [header, ...rows] = lines;
  if (header !== HEADER.join(",")) {
    throw new Error(`${path}: the header must be "${PIXELS[0]},…,${PIXELS.at(-1)},label". Mend the file.`);
  }
  const pixels = createMatrix(rows.length, PIXELS.length);
  const labels = new Uint8Array(rows.length);
  for (const [row, line] of rows.entries()) {
    const numbers = parseLine(line, `${path}, line ${row + 2}`);
    rowOf(pixels, row).set(numbers.subarray(0, PIXELS.length));
    labels[row] = numbers[PIXELS.length] as number;
  }
  return { pixels, labels };
}

function parseLine(line: string, place: string): Float64Array {
  const fields = line.split(",");
  if (fields.length !== HEADER.length) {
    throw new Error(`${place}: ${fields.length} fields instead of ${HEADER.length}. Mend the file.`);
  }
  const numbers = Float64Array.from(fields, (field) => (field.trim() === "" ? Number.NaN : Number(field)));
  const bad = numbers.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0) {
    throw new Error(`${place}: "${HEADER[bad]}" is "${fields[bad]}", not a number. Mend the file.`);
  }
  const label = numbers[PIXELS.length] as number;
  if (!Number.isInteger(label) || label < 0 || label >= CLASSES) {
    throw new Error(`${place}: "label" is ${label}, not a digit from 0 to 9. Mend the file.`);
  }
  return numbers;
}

export async function writeDigits(path: string, { pixels, labels }: DigitTable): Promise<void> {
  const lines = [HEADER.join(",")];
  for (let row = 0; row < pixels.rows; row += 1) lines.push(`${rowOf(pixels, row).join(",")},${labels[row]}`);
  await writeFile(path, `${lines.join("\n")}\n`);
}

export function pickDigits({ pixels, labels }: DigitTable, rows: ArrayLike<number>): DigitTable {
  return {
    pixels: pickRows(pixels, rows),
    labels: Uint8Array.from(rows, (row) => labels[row] as number),
  };
}

/** The pixels by column name, as the checks take them. */
export function pixelColumns({ pixels }: DigitTable): Record<string, Float64Array> {
  const columns = PIXELS.map((name, column): [string, Float64Array] => [
    name,
    Float64Array.from({ length: pixels.rows }, (_, row) => rowOf(pixels, row)[column] as number),
  ]);
  return Object.fromEntries(columns);
}
