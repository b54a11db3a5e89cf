import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Profile } from "../profile/profile.ts";
import { adjustPValues } from "../statistics/adjust-p-values.ts";
import { gravest } from "../verdict/gravity.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";
import { type Comparison, compareColumns } from "./compare-columns.ts";
import type { Distance } from "./compare-sides.ts";
import { describeDrift, loudest } from "./describe-drift.ts";
import { completeDriftOptions, type DriftOptions, type DriftSettings } from "./drift-options.ts";
import type { Presence } from "./drift-problem.ts";
import { DRIFT_TESTS } from "./drift-tests.ts";
import type { DriftEvidence, DriftVerdict, MissingEvidence } from "./drift-verdict.ts";
import { profileWindow, type WindowColumns } from "./window-profile.ts";

/**
 * Has the data changed? Compares a window of rows with a reference, column by column and slice by slice, and says how
 * likely each difference is by chance at these sizes, corrected for how many comparisons there are.
 *
 * - `alarm`: a column's adjusted p value is at most the significance **and** its effect exceeds what chance alone shows
 *   by at least the minimum; or the share of missing values has changed likewise
 * - `warning`: significant, but no effect of that size
 * - `invalid`: a column could not be judged (unseen, missing, empty, too few values, infinite, constant, of another
 *   type); the message names it and says what to do. The others are still judged, and their evidence is there.
 *
 * When nothing has changed, an alarm or a warning comes with a chance of about `significance`, whatever the size of
 * the window (measured in `docs/decisions/honest-alarms.md`). The minimum sample is not a promise of power: a small
 * window shows large changes only. With both sides' rows at hand every value is compared; a profile alone is compared
 * by its frozen bins, or by its sample of rows where the test needs values: `basis` in the evidence says which.
 *
 * @param current the window: its columns, a batch, or a profile made `like` the reference. In plain arrays `null` and
 * NaN are missing values
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range
 */
export function checkDrift(
  reference: Profile,
  current: Profile | ColumnBatch | WindowColumns,
  options: DriftOptions = {},
): DriftVerdict {
  const settings = completeDriftOptions(options);
  const compared = compareColumns(reference, profileWindow(current, reference), settings);
  const adjust = corrected(compared, settings);
  const evidence = compared.map((comparison): [string, DriftEvidence] => [
    comparison.name,
    judge(comparison, adjust, settings),
  ]);
  return summarise(
    evidence,
    compared.some(({ slice }) => slice),
  );
}

type Adjust = (distance: Distance) => number;

/** Gives each comparison's p value after the correction over all of them, those of missing values among them. */
function corrected(compared: readonly Comparison[], { correction }: DriftSettings): Adjust {
  const distances = compared
    .flatMap(({ distance, missing }) => [distance, missing])
    .filter((each) => each !== null);
  const adjusted = adjustPValues(
    distances.map(({ pValue }) => pValue),
    correction,
  );
  const found = new Map(distances.map((distance, at) => [distance, adjusted[at] ?? 1]));
  return (distance) => found.get(distance) ?? 1;
}

function judge(comparison: Comparison, adjust: Adjust, settings: DriftSettings): DriftEvidence {
  const { distance, test, obstacle, reference, current } = comparison;
  const traits = test === null ? null : DRIFT_TESTS[test];
  const adjusted = distance === null ? null : adjust(distance);
  const missing = judgeMissing(comparison, adjust, settings);
  const { significance, minimumEffect } = settings;
  const own =
    distance === null
      ? "invalid"
      : statusOf(distance, adjust(distance), { significance, least: minimumEffect });
  return {
    status: gravest([own, missing?.status ?? "ok"]),
    statistic: distance?.statistic ?? null,
    pValue: distance?.pValue ?? null,
    adjustedPValue: adjusted,
    effect: distance?.effect ?? null,
    effectByChance: distance?.byChance ?? null,
    effectName: traits?.effectName ?? null,
    minimumEffect: test === null ? null : minimumEffect,
    test,
    method: distance?.method ?? null,
    correction: settings.correction,
    basis: comparison.basis,
    referenceCount: reference.count,
    currentCount: current.count,
    missing,
    newTexts: comparison.newTexts,
    problem: obstacle?.code ?? null,
    message: obstacle?.message ?? null,
  };
}

function judgeMissing(
  { missing, reference, current }: Comparison,
  adjust: Adjust,
  { significance, minimumMissing }: DriftSettings,
): MissingEvidence | null {
  if (missing === null) return null;
  const share = ({ count, missing: absent }: Presence) => absent / (count + absent);
  const adjustedPValue = adjust(missing);
  return {
    status: statusOf(missing, adjustedPValue, { significance, least: minimumMissing }),
    reference: share(reference),
    current: share(current),
    pValue: missing.pValue,
    adjustedPValue,
  };
}

/** Small windows show large effects by chance alone: only what exceeds that counts. */
function statusOf(
  { effect, byChance }: Distance,
  adjusted: number,
  { significance, least }: { readonly significance: number; readonly least: number },
): VerdictStatus {
  if (adjusted > significance) return "ok";
  return effect - byChance >= least ? "alarm" : "warning";
}

function summarise(evidence: readonly (readonly [string, DriftEvidence])[], slices: boolean): DriftVerdict {
  const status = gravest(evidence.map(([, column]) => column.status));
  const found = evidence.length === 0 ? "invalid" : status;
  return {
    status: found,
    kind: "drift",
    message: describeDrift(found, evidence, slices),
    columns: found === "ok" ? [] : loudest(evidence, found).map(([name]) => name),
    evidence: Object.fromEntries(evidence),
  };
}
