import type { Profile } from "../profile/profile.ts";
import { sampleValues } from "../profile/profile-parts.ts";
import { adjustPValues } from "../statistics/adjust-p-values.ts";
import { type KsResult, ksTwoSample } from "../statistics/ks.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";
import { describeDrift, loudest } from "./describe-drift.ts";
import { completeDriftOptions, type DriftOptions } from "./drift-options.ts";
import { type Comparison, compareColumn } from "./drift-problem.ts";
import type { DriftEvidence, DriftVerdict } from "./drift-verdict.ts";
import type { NumericColumns } from "./numeric-columns.ts";

type Judged = Comparison & {
  readonly name: string;
  readonly ks: KsResult | null;
  readonly basis: DriftEvidence["basis"];
};

const gravity: readonly VerdictStatus[] = ["ok", "warning", "alarm", "invalid"];

/**
 * Has the data changed? Compares a window of rows with a reference profile, column by column, by the two-sample
 * Kolmogorov–Smirnov test, corrected for the number of columns.
 *
 * - `alarm`: a column's adjusted p value is at most the significance **and** its effect at least the minimum
 * - `warning`: significant, but no effect of that size
 * - `invalid`: a column could not be judged (unseen, missing, empty, too few values, infinite, constant, not
 *   numbers); the message names it and says what to do. The others are still judged, and their evidence is there.
 *
 * When nothing has changed, an alarm or a warning comes with a chance of at most `significance` (a test in this
 * package measures it). The minimum sample is not a promise of power: a small window shows large changes only.
 *
 * @param current the window's columns; `null` and NaN are missing values
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range
 */
export function checkDrift(
  reference: Profile,
  current: NumericColumns,
  options: DriftOptions = {},
): DriftVerdict {
  const settings = completeDriftOptions(options);
  const judged = judgeColumns(reference, current, settings);
  const tested = judged.filter(({ ks }) => ks !== null);
  const adjusted = adjustPValues(
    tested.map(({ ks }) => ks?.pValue ?? 1),
    settings.correction,
  );
  const adjustedOf = new Map(tested.map(({ name }, index) => [name, adjusted[index] ?? 1]));
  const evidence = judged.map((column): [string, DriftEvidence] => [
    column.name,
    describeColumn(column, adjustedOf.get(column.name) ?? 1, settings),
  ]);
  return summarise(evidence);
}

function judgeColumns(
  reference: Profile,
  current: NumericColumns,
  settings: Required<DriftOptions>,
): Judged[] {
  const columns = new Map(Object.entries(current));
  const profiles = new Map(reference.columns.map((column) => [column.name, column]));
  const rows = [...columns.values()][0]?.length ?? 0;
  return [...new Set([...profiles.keys(), ...columns.keys()])].map((name) => {
    const comparison = compareColumn(profiles.get(name), columns.get(name), { ...settings, rows });
    const sample = comparison.problem === null ? sampleValues(reference, name) : [];
    const ks = sample.length > 0 ? ksTwoSample(sample, comparison.values) : null;
    const basis = reference.rows <= reference.sample.limit ? "all-values" : "reservoir";
    return { ...comparison, name, basis, ks };
  });
}

function describeColumn(
  { ks, problem, reference, values, basis }: Judged,
  adjustedPValue: number,
  { significance, minimumEffect, correction }: Required<DriftOptions>,
): DriftEvidence {
  const significant = adjustedPValue <= significance;
  const large = ks !== null && ks.statistic >= minimumEffect;
  const found = significant ? (large ? "alarm" : "warning") : "ok";
  return {
    status: ks === null ? "invalid" : found,
    statistic: ks?.statistic ?? null,
    pValue: ks?.pValue ?? null,
    adjustedPValue: ks === null ? null : adjustedPValue,
    effect: ks?.statistic ?? null,
    test: ks === null ? null : `ks-${ks.method}`,
    correction,
    basis,
    referenceCount: reference?.count ?? 0,
    currentCount: values.length,
    problem: problem?.code ?? null,
    message: problem?.message ?? null,
  };
}

function summarise(evidence: readonly (readonly [string, DriftEvidence])[]): DriftVerdict {
  const worst = Math.max(0, ...evidence.map(([, { status }]) => gravity.indexOf(status)));
  const status = evidence.length === 0 ? "invalid" : (gravity[worst] ?? "ok");
  const columns = status === "ok" ? [] : loudest(evidence, status);
  return {
    status,
    kind: "drift",
    message: describeDrift(status, evidence),
    columns: columns.map(([name]) => name),
    evidence: Object.fromEntries(evidence),
  };
}
