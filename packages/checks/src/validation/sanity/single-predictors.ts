import type { ColumnBatch } from "../../batch/column-batch.ts";
import { normalQuantile } from "../../maths/normal.ts";
import type { Random } from "../../random/random.ts";
import { shuffledPlaces } from "../../random/shuffle.ts";
import type { SliceTable } from "../../slices/table/slice-table.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { heldOutLosses } from "./held-out-loss.ts";
import { everyone, neighbourhoods } from "./neighbourhoods.ts";
import type { Target } from "./target.ts";

/** How well one column alone predicts the label. */
export interface Predictor {
  readonly column: string;
  /** The share of the loss without any column that this one takes away, on held-out rows: 1 is all, 0 or less none. */
  readonly skill: number;
  readonly low: number;
  readonly high: number;
  /** The greatest skill of 19 shuffled labels: chance exceeds it once in 20 times. */
  readonly byChance: number;
}

const SHUFFLES = 19;
/** Most steps of all columns and shuffles together; of wider tables fewer rows are looked at. */
const STEPS = 5e8;
const FEWEST = 1_000;

/**
 * How well each column of a table predicts a label without the others. Rows are dealt to five parts, and each is
 * predicted from the four others by the rows that are alike in the column: of the same level, or with the nearest
 * numbers. Skill is 1 − loss / loss of knowing nothing (Murphy 1988, Monthly Weather Review 116). Of classes it is the
 * mean share of rows of a class that are told rightly, drawn out so that chance gives 0, whatever their sizes: of two
 * classes Youden's J (1950, Cancer 3). Of values it is the share of the variance of their ranks.
 *
 * The interval is 95 % wide: of classes from Wilson's intervals of each (joined as Zou and Donner 2008, Statistics in
 * Medicine 27), of values by the delta method.
 */
export function singlePredictors(
  { features }: SliceTable,
  batch: ColumnBatch,
  { target, random }: { readonly target: Target; readonly random: Random },
): Predictor[] {
  const rows = rowsToJudge(target, features.length);
  const judged = pickRows(target, rows);
  const chance = lossOf(judged, heldOutLosses(everyone(rows), judged));
  const shuffled = Array.from({ length: SHUFFLES }, () => shuffleTarget(judged, rows, random));
  if (!(chance > 0)) return [];
  return features.map((feature): Predictor => {
    const near = neighbourhoods(feature, batch, rows);
    const losses = near.map((own) => heldOutLosses(own, judged));
    const best = losses.reduce((least, own) => (lossOf(judged, own) < lossOf(judged, least) ? own : least));
    const others = shuffled.map((other) =>
      Math.min(...near.map((own) => lossOf(other, heldOutLosses(own, other)))),
    );
    return {
      column: feature.column,
      ...skillOf(judged, best, chance),
      byChance: 1 - Math.min(...others) / chance,
    };
  });
}

/** Rows with a label: all of a sample, or as many as are soon done. */
function rowsToJudge(target: Target, columns: number): Int32Array {
  const classes = target.kind === "classes" ? target.counts.length : 4;
  const limit = Math.max(
    FEWEST,
    Math.floor(STEPS / (3 * (SHUFFLES + 1) * Math.max(1, columns) * (classes + 4))),
  );
  const known = Int32Array.from(target.values.keys()).filter((row) => {
    const value = target.values[row] as number;
    return target.kind === "classes" ? value >= 0 : !Number.isNaN(value);
  });
  return known.slice(0, limit);
}

/** With the counts of these rows. */
function pickRows(target: Target, rows: Int32Array): Target {
  if (target.kind === "values") return target;
  const counts = new Array<number>(target.counts.length).fill(0);
  for (const row of rows)
    counts[target.values[row] as number] = (counts[target.values[row] as number] ?? 0) + 1;
  return { ...target, counts };
}

function shuffleTarget(target: Target, rows: Int32Array, random: Random): Target {
  const values = target.values.slice();
  for (const [place, from] of shuffledPlaces(rows.length, random).entries())
    values[rows[place] as number] = target.values[rows[from] as number] as number;
  return { ...target, values } as Target;
}

/** The sum of the losses; of classes the mean of their shares of wrong answers. */
function lossOf(target: Target, losses: Float64Array): number {
  if (target.kind === "values") return losses.reduce((sum, loss) => sum + loss, 0);
  const wrong = wrongByClass(target, losses).map((count, own) => count / (target.counts[own] as number));
  const there = wrong.filter((share) => !Number.isNaN(share));
  return there.reduce((sum, share) => sum + share, 0) / there.length;
}

function wrongByClass(
  { counts, values }: Extract<Target, { kind: "classes" }>,
  losses: Float64Array,
): Float64Array {
  const wrong = new Float64Array(counts.length);
  for (const [row, loss] of losses.entries()) {
    const own = values[row] as number;
    if (loss > 0) wrong[own] = (wrong[own] as number) + loss;
  }
  return wrong;
}

function skillOf(
  target: Target,
  losses: Float64Array,
  chance: number,
): Pick<Predictor, "skill" | "low" | "high"> {
  const loss = lossOf(target, losses);
  const skill = 1 - loss / chance;
  if (target.kind === "values") {
    const squares = losses.reduce((sum, own) => sum + own * own, 0);
    const half = (normalQuantile(0.95) * Math.sqrt(squares)) / chance;
    return { skill, low: skill - half, high: skill + half };
  }
  const wrong = wrongByClass(target, losses);
  const shares = target.counts.flatMap((rows, own) => (rows === 0 ? [] : [wilson(wrong[own] ?? 0, rows)]));
  const reach = (side: "low" | "high") =>
    Math.hypot(...shares.map((share) => share[side] - share.value)) / shares.length / chance;
  return { skill, low: skill - reach("high"), high: Math.min(1, skill + reach("low")) };
}
