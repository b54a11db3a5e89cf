import { normal } from "../../random/normal.ts";
import { type RowColumn, rowWidth, widthOf } from "../rows/row-columns.ts";
import type { Corruption, CorruptionInput } from "./corruption.ts";

/** What goes wrong with tables. A change of numbers leaves texts as they are, and the other way round. */
export const tableCorruptions: readonly Corruption[] = [
  {
    name: "noise",
    apply: (input) => changed(input, ({ value, spread }) => value + spread * normal(input.random)),
  },
  { name: "shift of a third of the columns", apply: (input) => shifted(input) },
  { name: "scaling", apply: (input) => changed(input, ({ value }) => 2 * value) },
  { name: "swapped features", apply: (input) => swapped(input) },
  { name: "columns of different rows", apply: (input) => torn(input) },
  { name: "mix of two", apply: (input) => mixed(input) },
  {
    name: "missing values",
    apply: (input) => changed(input, ({ value }) => (input.random.uniform() < 0.2 ? Number.NaN : value)),
  },
  { name: "unseen categories", apply: (input) => unseen(input) },
];

interface Cell {
  readonly value: number;
  readonly spread: number;
  readonly place: number;
}

function isText(columns: readonly RowColumn[]): readonly boolean[] {
  return columns.flatMap((column) => new Array<boolean>(widthOf(column)).fill(column.kind === "text"));
}

/** Changes every number that is no text's code. */
function changed({ rows, columns, spread }: CorruptionInput, change: (cell: Cell) => number): Float32Array {
  const texts = isText(columns);
  return rows.values.map((value, at) => {
    const place = at % texts.length;
    return texts[place] ? value : change({ value, spread: spread[place] ?? 0, place });
  });
}

function shifted(input: CorruptionInput): Float32Array {
  return changed(input, ({ value, spread, place }) => (place % 3 === 0 ? value + 2 * spread : value));
}

/** Each number stands in the place of the next. */
function swapped(input: CorruptionInput): Float32Array {
  const texts = isText(input.columns);
  const places = [...texts.keys()].filter((place) => !texts[place]);
  const next = new Map(places.map((place, at) => [place, places[(at + 1) % places.length] ?? place]));
  return input.rows.values.map((value, at) => {
    const place = at % texts.length;
    return input.rows.values[at - place + (next.get(place) ?? place)] ?? value;
  });
}

/** Every column keeps its values, in another order of rows: what belongs together no longer does. */
function torn({ rows, columns, random }: CorruptionInput): Float32Array {
  const width = rowWidth(columns);
  return rows.values.map((value, at) => rows.values[random.below(rows.rows) * width + (at % width)] ?? value);
}

function mixed(input: CorruptionInput): Float32Array {
  const width = rowWidth(input.columns);
  const others = Int32Array.from({ length: input.rows.rows }, () => input.random.below(input.rows.rows));
  const texts = isText(input.columns);
  return input.rows.values.map((value, at) => {
    const place = at % width;
    const other = input.rows.values[(others[Math.floor(at / width)] ?? 0) * width + place] ?? value;
    if (texts[place]) return input.random.below(2) === 0 ? value : other;
    return (value + other) / 2;
  });
}

function unseen({ rows, columns }: CorruptionInput): Float32Array {
  const texts = isText(columns);
  return rows.values.map((value, at) => (texts[at % texts.length] ? -1 : value));
}
