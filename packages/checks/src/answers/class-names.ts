import type { Column } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import { AnswersError } from "./answers-error.ts";

/** More different values than this are no classes. */
const MOST_CLASSES = 1_000;

/** Gives classes their places, in the order they turn up. */
export interface ClassNames {
  readonly names: string[];
  /** By row, the place of its class; -1 where it has none. */
  places(column: Column, rows: number): Int32Array;
  placeOf(name: string, column: string): number;
}

export function createClassNames(first: readonly string[] = []): ClassNames {
  const names: string[] = [];
  const known = new Map<string, number>();

  function placeOf(name: string, column: string): number {
    const place = known.get(name);
    if (place !== undefined) return place;
    if (names.length >= MOST_CLASSES) {
      throw new AnswersError(
        column,
        `Column "${column}" holds more than ${MOST_CLASSES} classes: for values to be estimated, set "task" to "regression".`,
      );
    }
    known.set(name, names.length);
    return names.push(name) - 1;
  }

  function places(column: Column, rows: number): Int32Array {
    const found = new Int32Array(rows).fill(-1);
    const placeAt = placeReader(column, placeOf);
    for (let row = 0; row < rows; row += 1) if (isValid(column.validity, row)) found[row] = placeAt(row);
    return found;
  }

  for (const name of first) placeOf(name, name);
  return { names, places, placeOf };
}

function placeReader(column: Column, placeOf: ClassNames["placeOf"]): (row: number) => number {
  const { name } = column;
  const known = new Map<number, number>();
  function keptPlace(key: number, text: () => string): number {
    const place = known.get(key) ?? placeOf(text(), name);
    known.set(key, place);
    return place;
  }
  switch (column.kind) {
    case "text":
      return (row) => {
        const code = column.codes[row] as number;
        return keptPlace(code, () => column.dictionary[code] as string);
      };
    case "boolean":
      return (row) => placeOf(column.values[row] === 1 ? "true" : "false", name);
    case "number":
      return (row) => {
        const value = column.values[row] as number;
        if (Number.isNaN(value)) return -1;
        if (!Number.isFinite(value)) throw infinite(name, row);
        return keptPlace(value, () => String(value));
      };
    default:
      throw new AnswersError(
        name,
        `Column "${name}" holds ${column.kind}s, not classes: name a column of texts, numbers or booleans.`,
      );
  }
}

function infinite(name: string, row: number): AnswersError {
  return new AnswersError(name, `Column "${name}" is infinite in row ${row}: mend it, or make it missing.`);
}

/** Numbers by size, other names by their letters. */
export function byName(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (a !== "" && b !== "" && !Number.isNaN(difference) && difference !== 0) return difference;
  return a < b ? -1 : Number(a > b);
}
