import type { Column, NumberColumn, TimeColumn } from "../../batch/column.ts";
import { isValid } from "../../batch/validity.ts";
import { countBelow, countNotAbove } from "../test/ranked-values.ts";
import { flagFeature, type Scale, scaleOf, type TableColumn } from "./table-column.ts";

/**
 * Numbers count by their rank in the reference, so outliers do no harm. Pairs see two shapes of it, the first two
 * cosines: one rises all along, one turns in the middle. A missing value is a number of its own where a column stands
 * by itself, and says nothing of what goes together but that it is missing.
 */
export function learnNumbers(column: NumberColumn | TimeColumn, rows: number): TableColumn {
  const { name } = column;
  const all = numbersOf(column, rows);
  const known = all.filter((value) => !Number.isNaN(value)).sort();
  const missing = 1 - known.length / Math.max(1, rows);
  const rankOf = (value: number) =>
    (countBelow(known, value) + countNotAbove(known, value)) / (2 * known.length);
  const ranks = Float64Array.from(known, rankOf);
  const shapes = [1, 2].map((order) => (rank: number) => Math.cos(order * Math.PI * rank));
  const scales = shapes.map((shape) => scaleOf(ranks.map(shape)));
  const flat = scaleOf(ranks);

  function ranksOf(other: Column, count: number): Float64Array {
    return numbersOf(other, count).map((value) => (Number.isNaN(value) ? value : rankOf(value)));
  }

  return {
    name,
    measure: (other, count) => ({
      kind: "values",
      of: [name],
      numbers: numbersOf(other, count).map((value) =>
        Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value,
      ),
    }),
    features(other, count) {
      const own = ranksOf(other, count);
      const shaped = shapes.flatMap((shape, at) =>
        standardised(own.map(shape), scales[at] ?? flat).map((numbers) => ({ numbers, share: 0.5 })),
      );
      return [...shaped, ...flagFeature(missing, (row) => Number.isNaN(own[row]), count)];
    },
    places(other, count) {
      const own = ranksOf(other, count);
      const absent = missing === 0 ? [] : [own.map((rank) => Number(Number.isNaN(rank)))];
      return [...standardised(own, flat), ...absent];
    },
  };
}

/** What is missing lies in the middle. */
function standardised(numbers: Float64Array, { mean, spread }: Scale): Float64Array[] {
  if (spread === 0) return [];
  return [numbers.map((value) => (Number.isNaN(value) ? 0 : (value - mean) / spread))];
}

/** NaN where one is missing. */
function numbersOf(column: Column, rows: number): Float64Array {
  const values = column.kind === "text" ? [] : column.values;
  return Float64Array.from({ length: rows }, (_, row) =>
    isValid(column.validity, row) ? (values[row] ?? Number.NaN) : Number.NaN,
  );
}
