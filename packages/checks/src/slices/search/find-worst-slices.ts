import { normalQuantile } from "../../maths/normal.ts";
import { adjustPValues } from "../../statistics/adjust-p-values.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { shareDifference } from "../../statistics/interval/two-shares.ts";
import { describeSlice, type SliceCondition } from "../table/slice-condition.ts";
import type { SliceFeature, SliceTable } from "../table/slice-table.ts";
import { checkLosses } from "./check-losses.ts";
import { type Candidate, listSlices } from "./list-slices.ts";
import { type CompleteSliceOptions, completeSliceOptions, type WorstSlicesOptions } from "./slice-options.ts";
import { type Overall, summariseLosses } from "./slice-score.ts";

/** A part of the rows on which the model does worse. */
export interface WorstSlice {
  readonly conditions: readonly SliceCondition[];
  /** The conditions in words. */
  readonly text: string;
  readonly rows: number;
  /** Of all rows, 0 to 1. */
  readonly share: number;
  /** Mean loss of its rows (for 0/1 losses the share of errors), with its interval. */
  readonly loss: { readonly value: number; readonly low: number; readonly high: number };
  /** Mean loss of all other rows. */
  readonly otherLoss: number;
  /** Loss less that of the others. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number };
  /** √2 × difference / √(variance in the slice + variance elsewhere): SliceFinder's. */
  readonly effect: number;
  /** SliceLine's score: greater is worse. */
  readonly score: number;
  readonly pValue: number;
  /** By Benjamini and Hochberg over all slices that were tested. */
  readonly adjustedPValue: number;
}

/** The worst slices, and what they were chosen from. */
export interface WorstSlices {
  readonly slices: readonly WorstSlice[];
  /** Mean loss of all rows. */
  readonly loss: number;
  readonly rows: number;
  /** Slices with enough rows, which all were tested and are paid for. */
  readonly tested: number;
  /** Combinations of three columns passed over, since no slice of theirs could score above 0. */
  readonly pruned: number;
  readonly minimumSupport: number;
}

/**
 * On what part of the rows does the model err more? All slices of up to `depth` conditions are looked at, as SliceLine
 * and SliceFinder do: those that have enough rows, a large enough effect and a significant one (corrected for the
 * number of slices tested) are ranked by SliceLine's score. A slice inside a better one, or of nearly the same rows, is
 * left out.
 *
 * Finding and testing use the same rows: the p values (`sliceChance`) bound false finds, but the effect of the worst of many slices is
 * flattered. Look again on new rows before acting on a close one.
 *
 * @param losses by row, finite and 0 or more: 1 for an error and 0 for none, a log loss, a squared error
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID for losses that are none, SCANFLOW_CHECK_OPTION_INVALID
 */
export function findWorstSlices(
  table: SliceTable,
  losses: Float64Array,
  options: WorstSlicesOptions = {},
): WorstSlices {
  checkLosses(table, losses);
  const settings = completeSliceOptions(options, table.rows);
  const overall = summariseLosses(losses);
  const { candidates, pValues, pruned } = listSlices(table, losses, { overall, options: settings });
  const sorted = Float64Array.from(pValues).sort();
  const adjusted = adjustPValues(sorted);
  const greatest = sorted[adjusted.findLastIndex((pValue) => pValue <= settings.significance)] ?? -1;
  const ranked = candidates
    .filter(({ pValue }) => pValue <= greatest)
    .sort((a, b) => b.score - a.score || a.features.length - b.features.length);
  const slices: WorstSlice[] = [];
  const kept: { readonly candidate: Candidate; readonly members: Uint8Array }[] = [];
  for (const candidate of ranked) {
    if (slices.length === settings.limit) break;
    if (kept.some((other) => contains(other.candidate, candidate))) continue;
    const members = membersOf(table, candidate);
    if (kept.some((other) => likeness(other.members, members) >= settings.overlap)) continue;
    const slice = describe(candidate, { table, losses, members, overall, settings });
    if (slice.effect < settings.minimumEffect) continue;
    kept.push({ candidate, members });
    slices.push({ ...slice, adjustedPValue: adjusted[sorted.indexOf(candidate.pValue)] ?? 1 });
  }
  const { rows, mean } = overall;
  return {
    slices,
    loss: mean,
    rows,
    tested: pValues.length,
    pruned,
    minimumSupport: settings.minimumSupport,
  };
}

function contains(outer: Candidate, inner: Candidate): boolean {
  return outer.features.every((feature, at) => {
    const place = inner.features.indexOf(feature);
    return place >= 0 && inner.codes[place] === outer.codes[at];
  });
}

/** By row, 1 for those in the slice. */
function membersOf({ rows, features }: SliceTable, { features: chosen, codes }: Candidate): Uint8Array {
  const members = new Uint8Array(rows).fill(1);
  for (const [at, feature] of chosen.entries()) {
    const wanted = codes[at];
    const own = (features[feature] as SliceFeature).codes;
    for (let row = 0; row < rows; row += 1) if (own[row] !== wanted) members[row] = 0;
  }
  return members;
}

/** Rows in both, among those in either. */
function likeness(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (let row = 0; row < a.length; row += 1) {
    both += (a[row] as number) & (b[row] as number);
    either += (a[row] as number) | (b[row] as number);
  }
  return both / either;
}

interface Describing {
  readonly table: SliceTable;
  readonly losses: Float64Array;
  readonly members: Uint8Array;
  readonly overall: Overall;
  readonly settings: CompleteSliceOptions;
}

function describe(
  { features, codes, rows, losses: total, score, pValue }: Candidate,
  { table, losses, members, overall, settings }: Describing,
): Omit<WorstSlice, "adjustedPValue"> {
  const left = overall.rows - rows;
  const mean = total / rows;
  const otherLoss = (overall.losses - total) / left;
  let [own, others, shares] = [0, 0, true];
  for (let row = 0; row < losses.length; row += 1) {
    const loss = losses[row] as number;
    shares &&= loss === 0 || loss === 1;
    if (members[row] === 1) own += (loss - mean) ** 2;
    else others += (loss - otherLoss) ** 2;
  }
  const spread = Math.sqrt(own / rows + others / left);
  const difference = mean - otherLoss;
  const half =
    normalQuantile(settings.confidence) *
    Math.sqrt(own / rows / (rows - 1) + others / left / Math.max(1, left - 1));
  const ownHalf = normalQuantile(settings.confidence) * Math.sqrt(own / rows / (rows - 1));
  const interval = shares ? wilson(total, rows, settings.confidence) : null;
  const conditions = features.map(
    (feature, at) => table.features[feature]?.parts[codes[at] as number] as SliceCondition,
  );
  return {
    conditions,
    text: describeSlice(conditions),
    rows,
    share: rows / overall.rows,
    loss: interval
      ? { value: mean, low: interval.low, high: interval.high }
      : { value: mean, low: Math.max(0, mean - ownHalf), high: mean + ownHalf },
    otherLoss,
    difference: shares
      ? shareDifference(
          { hits: total, rows },
          { hits: overall.losses - total, rows: left },
          settings.confidence,
        )
      : { value: difference, low: difference - half, high: difference + half },
    effect: spread > 0 ? (Math.SQRT2 * difference) / spread : Number.POSITIVE_INFINITY,
    score,
    pValue,
  };
}
