import type { MeasuredColumn } from "../test/measured.ts";
import type { Feature } from "./table-column.ts";

/** What was measured of one column of a table. */
export interface ColumnFeatures {
  readonly name: string;
  readonly features: readonly Feature[];
}

/** Of more pairs than this those are kept that go together most in the reference. */
const MOST_PAIRS = 600;
/** Of more features than this only the first of each column count, and of those so many. */
const MOST_FEATURES = 150;
/** Rows that both rarer halves must be expected to share: the chance of what is rarer is not in the reference. */
const FEWEST_ROWS = 20;
/** What varies less in the reference, as two levels that it never shows together, is not known to. */
const LEAST_SPREAD = 1;

interface Place {
  readonly name: string;
  readonly column: number;
  readonly feature: number;
  readonly share: number;
}

interface Pair {
  readonly a: Place;
  readonly b: Place;
  readonly mean: number;
  readonly spread: number;
}

/**
 * Which columns go together: means of products of two columns' features, whose change is that of a correlation. With
 * many columns only those are watched that go together most; what newly goes together is then for the whole rows.
 */
export function learnPairs(known: readonly ColumnFeatures[], rows: number) {
  const places = known.flatMap(({ name, features }, column) =>
    features.map(({ share }, feature): Place => ({ name, column, feature, share })),
  );
  const kept = places.length > MOST_FEATURES ? places.filter(({ feature }) => feature === 0) : places;
  const watched = kept.slice(0, MOST_FEATURES);
  const pairs = watched.flatMap((a, at) =>
    watched.slice(at + 1).flatMap((b): Pair[] => {
      if (a.column === b.column || a.share * b.share * rows < FEWEST_ROWS) return [];
      const { mean, spread } = momentsOf(numbersAt(known, a), numbersAt(known, b), rows);
      return [{ a, b, mean, spread: Math.max(spread, LEAST_SPREAD) }];
    }),
  );
  const chosen = pairs.sort((one, other) => Math.abs(other.mean) - Math.abs(one.mean)).slice(0, MOST_PAIRS);

  return (columns: readonly ColumnFeatures[], count: number): MeasuredColumn[] =>
    chosen.map(({ a, b, mean, spread }) => {
      const [first, second] = [numbersAt(columns, a), numbersAt(columns, b)];
      return {
        kind: "means",
        of: [a.name, b.name],
        unit: spread,
        numbers: Float64Array.from(
          { length: count },
          (_, row) => ((first[row] as number) * (second[row] as number) - mean) / spread,
        ),
      };
    });
}

function numbersAt(columns: readonly ColumnFeatures[], { column, feature }: Place): Float64Array {
  return columns[column]?.features[feature]?.numbers ?? new Float64Array(0);
}

function momentsOf(first: Float64Array, second: Float64Array, rows: number) {
  let [sum, squares] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    const product = (first[row] as number) * (second[row] as number);
    sum += product;
    squares += product * product;
  }
  const mean = sum / rows;
  return { mean, spread: Math.sqrt(Math.max(0, squares / rows - mean * mean)) };
}
