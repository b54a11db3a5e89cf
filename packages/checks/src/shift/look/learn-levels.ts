import type { BooleanColumn, Column, TextColumn } from "../../batch/column.ts";
import { isValid } from "../../batch/validity.ts";
import { flagFeature, type TableColumn } from "./table-column.ts";

/** Levels with fewer rows in the reference count as one, so that it stands for what was never seen as well. */
const FEWEST_ROWS = 20;
const MOST_LEVELS = 50;
/** The most frequent levels, of which pairs are made. */
const PAIRED_LEVELS = 4;

/** Texts and booleans count by their level; a missing value is a level of its own. */
export function learnLevels(column: BooleanColumn | TextColumn, rows: number): TableColumn {
  const { name } = column;
  const counts = new Map<string | null, number>();
  for (const text of textsOf(column, rows)) counts.set(text, (counts.get(text) ?? 0) + 1);
  const levels = [...counts]
    .filter(([, count]) => count >= FEWEST_ROWS)
    .sort(([a, m], [b, n]) => n - m || (String(a) < String(b) ? -1 : 1))
    .slice(0, MOST_LEVELS);
  const places = new Map(levels.map(([text], place) => [text, place]));
  const codesOf = (other: Column, count: number) =>
    Float64Array.from(textsOf(other, count), (text) => places.get(text) ?? levels.length);

  return {
    name,
    measure: (other, count) => ({ kind: "levels", of: [name], numbers: codesOf(other, count) }),
    features(other, count) {
      const codes = codesOf(other, count);
      // Of two levels one says it all.
      const shown = levels.slice(0, levels.length === 2 ? 1 : PAIRED_LEVELS);
      return shown.flatMap(([, seen], level) =>
        flagFeature(seen / Math.max(1, rows), (row) => codes[row] === level, count),
      );
    },
    places(other, count) {
      const codes = codesOf(other, count);
      return levels.length < 2 ? [] : levels.map((_, level) => codes.map((code) => Number(code === level)));
    },
  };
}

function textsOf(column: Column, rows: number): (string | null)[] {
  return Array.from({ length: rows }, (_, row) => {
    if (!isValid(column.validity, row)) return null;
    if (column.kind === "text") return column.dictionary[column.codes[row] ?? 0] ?? null;
    return column.kind === "boolean" ? String(column.values[row] === 1) : null;
  });
}
