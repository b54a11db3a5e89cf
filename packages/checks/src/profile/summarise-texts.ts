import type { TextColumn } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import { createCategories } from "./category-counts.ts";
import type { TextProfile } from "./column-profile.ts";
import { addText, closeRegisters, noRegisters } from "./distinct-sketch.ts";
import type { RunningColumn, SummarySettings } from "./running-column.ts";
import { formOf, shortenText } from "./text-form.ts";

/** Sums up texts: each batch counts its codes first, so that a text is looked at once a batch. */
export function summariseTexts({
  name,
  categories: capacity,
}: SummarySettings): RunningColumn<TextColumn, TextProfile> {
  const categories = createCategories(capacity);
  let registers: Uint8Array | null = null;
  let count = 0;
  let nulls = 0;
  let empty = 0;
  let numeric = 0;
  let temporal = 0;
  let units = 0;
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;

  function addTexts(text: string, rows: number): void {
    count += rows;
    units += rows * text.length;
    shortest = Math.min(shortest, text.length);
    longest = Math.max(longest, text.length);
    const form = formOf(text);
    if (text === "") empty += rows;
    else if (form === "number") numeric += rows;
    else if (form === "time") temporal += rows;
    const kept = shortenText(text);
    categories.add(kept, rows);
    if (registers !== null) addText(registers, kept);
    else if (categories.counts.size > capacity) {
      registers = noRegisters();
      for (const known of categories.counts.keys()) addText(registers, known);
    }
  }

  return {
    add(column, rows) {
      let seen = 0;
      for (const [code, found] of countCodes(column, rows)) {
        if (found === 0) continue;
        seen += found;
        addTexts(column.dictionary[code] as string, found);
      }
      nulls += rows - seen;
      categories.trim();
    },
    close: () => ({
      kind: "text",
      name,
      nulls,
      count,
      empty,
      numeric,
      temporal,
      lengths: {
        min: count === 0 ? null : shortest,
        max: count === 0 ? null : longest,
        total: units,
      },
      categories: categories.close(),
      distinct: registers === null ? null : closeRegisters(registers),
    }),
  };
}

/** How many rows have each code: in a table, unless the dictionary is that of much more data. */
function countCodes({ codes, dictionary, validity }: TextColumn, rows: number): Iterable<[number, number]> {
  if (dictionary.length > 4 * rows + 64) return countFewCodes({ codes, validity }, rows);
  const counts = new Float64Array(dictionary.length);
  if (validity === null) {
    for (let row = 0; row < rows; row += 1) (counts[codes[row] as number] as number) += 1;
  } else {
    for (let row = 0; row < rows; row += 1) {
      if (isValid(validity, row)) (counts[codes[row] as number] as number) += 1;
    }
  }
  return counts.entries();
}

function countFewCodes(
  { codes, validity }: Pick<TextColumn, "codes" | "validity">,
  rows: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < rows; row += 1) {
    if (!isValid(validity, row)) continue;
    const code = codes[row] as number;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}
