import type { ColumnBatch } from "../../batch/column-batch.ts";
import { concatBatches } from "../../batch/concat-batches.ts";
import { normalTail } from "../../maths/normal.ts";
import { encodeFeatures } from "../../slices/table/encode-features.ts";
import type { SliceFeature } from "../../slices/table/slice-table.ts";
import { MOST_PAIRED } from "../infer-correlations.ts";
import { correlationError, fisherZ, rankCorrelations } from "../rank-correlation.ts";
import { agreement, associationOf, changePValue, countPairs, filledLevels } from "./association.ts";
import { isContinuous } from "./neighbourhoods.ts";

/** Two columns and how closely they go together. */
export interface ColumnPair {
  readonly columns: readonly [string, string];
  readonly measure: "rank correlation" | "Cramér's V";
  /** -1 to 1. */
  readonly value: number;
}

/** A pair in one table. */
export interface MeasuredPair extends ColumnPair {
  /** The level of each tells that of the other in nearly all rows. */
  readonly same: boolean;
}

/** A pair in two tables. */
export interface ChangedPair extends ColumnPair {
  /** In the reference. */
  readonly before: number;
  readonly pValue: number;
}

const FEWEST = 100;
/** Rows that each cell of a pair must have on average: with fewer φ² is far from normal (Cochran 1954, Biometrics 10). */
const EACH = 5;

/** Columns that can be paired: numbers, texts and booleans, the first of a wide table. */
export function pairedColumns({ columns }: ColumnBatch, except: ReadonlySet<string>): string[] {
  return columns
    .filter(({ name, kind }) => kind !== "tensor" && kind !== "time" && !except.has(name))
    .map(({ name }) => name)
    .slice(0, MOST_PAIRED);
}

/**
 * How closely each two columns go together: by rank correlation where both are numbers, else by Cramér's V; numbers
 * of many values and texts are not paired. `same`: each column's level tells the other's in at least 99 % of rows.
 */
export function pairColumns(sample: ColumnBatch, names: readonly string[]): MeasuredPair[] {
  const { features } = encodeFeatures(sample, { columns: names, bins: 100, levels: 200 });
  const numeric = new Set(sample.columns.filter(({ kind }) => kind === "number").map(({ name }) => name));
  const correlate = rankCorrelations(sample);
  const nobody = new Float64Array(sample.rows);
  return pairsOf(features).flatMap(([a, b]): MeasuredPair[] => {
    const columns = [a.column, b.column] as const;
    const counted =
      !isContinuous(a) && !isContinuous(b) && a.parts.length * b.parts.length <= 5 * sample.rows;
    const ranked = numeric.has(a.column) && numeric.has(b.column) ? correlate(...columns).correlation : null;
    const counts = counted ? countPairs([a, b], nobody)[0] : null;
    const { value } = counts === null ? { value: 0 } : associationOf(counts);
    if (ranked !== null && Math.abs(ranked) >= value)
      return [{ columns, measure: "rank correlation", value: ranked, same: true }];
    if (counts === null) return [];
    return [{ columns, measure: "Cramér's V", value, same: agreement(counts) >= 0.99 }];
  });
}

/**
 * Each pair of columns that both tables have, with the chance of so great a change when there is none: of rank
 * correlations by Fisher's z, of Cramér's V by the difference of φ² over its standard error. Numbers are cut into five
 * parts of the two tables together.
 */
export function comparePairs(
  reference: ColumnBatch,
  window: ColumnBatch,
  names: readonly string[],
): ChangedPair[] {
  const kinds = (batch: ColumnBatch) => new Map(batch.columns.map(({ name, kind }) => [name, kind]));
  const [before, now] = [kinds(reference), kinds(window)];
  const shared = names.filter((name) => before.get(name) === now.get(name));
  const chosen = ({ rows, columns }: ColumnBatch): ColumnBatch => ({
    rows,
    columns: shared.flatMap((name) => columns.filter((column) => column.name === name)),
  });
  if (shared.length < 2 || Math.min(reference.rows, window.rows) < FEWEST) return [];
  const both = concatBatches([chosen(reference), chosen(window)]);
  const { features } = encodeFeatures(both, { columns: shared, bins: 5, levels: 10 });
  const inWindow = new Float64Array(both.rows).fill(1, reference.rows);
  const [rankBefore, rankNow] = [rankCorrelations(reference), rankCorrelations(window)];
  return pairsOf(features).flatMap(([a, b]): ChangedPair[] => {
    const columns = [a.column, b.column] as const;
    if (columns.every((name) => now.get(name) === "number")) {
      const [first, second] = [rankBefore(...columns), rankNow(...columns)];
      if (first.correlation === null || second.correlation === null) return [];
      if (Math.min(first.rows, second.rows) < FEWEST) return [];
      const error = Math.hypot(
        correlationError(first.correlation, first.rows),
        correlationError(second.correlation, second.rows),
      );
      const z = (fisherZ(second.correlation) - fisherZ(first.correlation)) / error;
      const pValue = normalTail(z);
      return [
        {
          columns,
          measure: "rank correlation",
          value: second.correlation,
          before: first.correlation,
          pValue,
        },
      ];
    }
    const [first, second] = countPairs([a, b], inWindow);
    const levels = filledLevels({
      ...first,
      counts: first.counts.map((count, at) => count + (second.counts[at] as number)),
    });
    if (levels[0] * levels[1] * EACH > Math.min(reference.rows, window.rows)) return [];
    const [before, value] = [associationOf(first, levels).value, associationOf(second, levels).value];
    return [{ columns, measure: "Cramér's V", value, before, pValue: changePValue(first, second) }];
  });
}

function pairsOf(features: readonly SliceFeature[]): [SliceFeature, SliceFeature][] {
  return features.flatMap((first, at) =>
    features.slice(at + 1).map((second): [SliceFeature, SliceFeature] => [first, second]),
  );
}
