import type { ColumnBatch } from "../../batch/column-batch.ts";
import { columnOf } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import type { Dataset } from "../../checker/checker.ts";
import { ChecksError } from "../../errors.ts";
import type { Profile } from "../../profile/profile.ts";
import { createProfiler } from "../../profile/profiler.ts";
import { sampleBatch } from "../../profile/sample-columns.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { compareShares, farRows } from "../neighbours/far-rows.ts";
import { createRowEncoder } from "../neighbours/mixed-rows.ts";
import { nearestRows } from "../neighbours/nearest-rows.ts";
import { poisonVerdict } from "./poison-verdict.ts";

/** Settings of `checkPoison`. */
export interface PoisonOptions {
  /** The column of labels. */
  readonly label: string;
  /** Neighbours that are asked, 3 or more; default 10. */
  readonly neighbours?: number;
  /** The share of false alarms asked for when nothing was tampered with, between 0 and 1; default 0.05. */
  readonly significance?: number;
  /** The least share of tampered rows that is worth an alarm, 0 to 1; default 0.01. */
  readonly minimumShare?: number;
  /** Rows of the window that are judged, and of the reference that are asked, 50 or more; default 3,000. */
  readonly sampleSize?: number;
  /** Of the sampled rows; default 1. */
  readonly seed?: number;
}

const FEWEST = 50;

/**
 * Has a window of labelled rows been tampered with? Two questions, each against a reference that is trusted:
 *
 * - **labels**: how many rows have another label than most of their nearest rows of the reference, against how many of
 *   the reference's own rows have (each left out in turn): two shares, compared by the one-sided z test of two
 *   proportions. Labels that were flipped raise the share.
 * - **rows**: how many rows lie farther from their nearest rows of the reference than 98 % of the reference's own rows
 *   do. Samples that were injected from elsewhere raise the share.
 *
 * `alarm`: a share is raised significantly, and by at least `minimumShare`; `warning`: significantly, but by less. The
 * most suspicious rows are listed, the strangest first; look at them before you train. What lies among its like and
 * carries a plausible label is not found by any check of data alone.
 *
 * ```ts
 * import { batchOf, datasetOf } from "@scanflow/checks";
 * import { checkPoison } from "@scanflow/checks/validation";
 *
 * const x = Array.from({ length: 400 }, (_, row) => (row * 37) % 400);
 * const label = x.map((value) => (value < 200 ? "low" : "high"));
 * const trusted = datasetOf("trusted", batchOf({ x, label }));
 * const flipped = label.map((own, row) => (row % 10 === 0 ? "low" : own));
 * const verdict = await checkPoison(datasetOf("new", batchOf({ x, label: flipped })), trusted, { label: "label" });
 * console.log(verdict.status); // "alarm"
 * ```
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when an option is outside its range
 */
export async function checkPoison(
  window: Dataset,
  reference: Dataset,
  options: PoisonOptions,
): Promise<Verdict> {
  const { label, neighbours, significance, minimumShare, sampleSize, seed } = complete(options);
  const trusted = await sampleOf(reference, sampleSize, seed);
  const judged = await sampleOf(window, sampleSize, seed);
  const problem = problemOf(trusted, reference.name, label) ?? problemOf(judged, window.name, label);
  if (problem !== null) return invalidVerdict("integrity", problem, label);
  const encoder = createRowEncoder(trusted, label);
  const missing = encoder.columns.find((name) => !judged.columns.some((column) => column.name === name));
  if (missing !== undefined)
    return invalidVerdict(
      "integrity",
      `"${window.name}" has no column "${missing}": give the columns of the reference.`,
      missing,
    );
  if (encoder.columns.length === 0)
    return invalidVerdict(
      "integrity",
      `"${reference.name}" has no feature beside "${label}" to judge by: give rows with features.`,
      label,
    );
  const [before, now] = [sampleBatch(trusted), sampleBatch(judged)];
  const points = encoder.encode(before);
  const k = neighbours;
  const own = nearestRows(points, points, { k, same: true });
  const found = nearestRows(encoder.encode(now), points, { k, same: false });
  const [ownLabels, labels] = [labelsOf(before, label), labelsOf(now, label)];
  const quiet = disagreement(ownLabels, ownLabels, own.places);
  const loud = disagreement(labels, ownLabels, found.places);
  const strange = farRows(found, own);
  return poisonVerdict({
    label,
    window: window.name,
    significance,
    minimumShare,
    rows: judged.sample.rows,
    batch: now,
    labels: {
      quiet,
      loud,
      pValue: compareShares(count(loud), loud.length, { other: count(quiet), of: quiet.length }),
    },
    strange,
  });
}

function complete({
  label,
  neighbours = 10,
  significance = 0.05,
  minimumShare = 0.01,
  sampleSize = 3_000,
  seed = 1,
}: PoisonOptions): Required<PoisonOptions> {
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  need("label", label, typeof label === "string" && label !== "", "the name of a column");
  need("neighbours", neighbours, whole(neighbours, 3), "a whole number from 3 on");
  need("significance", significance, significance > 0 && significance < 1, "a number between 0 and 1");
  need("minimumShare", minimumShare, minimumShare >= 0 && minimumShare <= 1, "a number from 0 to 1");
  need("sampleSize", sampleSize, whole(sampleSize, FEWEST), `a whole number from ${FEWEST} on`);
  need("seed", seed, Number.isSafeInteger(seed), "a whole number");
  return { label, neighbours, significance, minimumShare, sampleSize, seed };
}

function need(name: keyof PoisonOptions, value: unknown, holds: boolean, wanted: string): void {
  if (holds) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `checkPoison: "${name}" is ${JSON.stringify(value) ?? "missing"}: give ${wanted}.`,
  );
}

async function sampleOf(dataset: Dataset, sampleSize: number, seed: number): Promise<Profile> {
  if (dataset.batches === null) return dataset.profile();
  const profiler = createProfiler({ seed, sampleSize });
  for await (const batch of dataset.batches()) profiler.add(batch);
  return profiler.finish();
}

function problemOf(profile: Profile, name: string, label: string): string | null {
  const column = profile.columns.find((own) => own.name === label);
  if (profile.rows < FEWEST) return `"${name}" has ${profile.rows} rows: give at least ${FEWEST}.`;
  if (column === undefined) return `"${name}" has no column "${label}": name the column of labels.`;
  if (column.kind === "tensor" || column.kind === "time")
    return `"${label}" of "${name}" holds ${column.kind}s: name a column of labels.`;
  if (column.count < FEWEST) return `"${label}" of "${name}" has ${column.count} values: give labelled rows.`;
  return null;
}

/** Labels as texts, so that both sides can be compared whatever they were read as; null where there is none. */
function labelsOf(batch: ColumnBatch, label: string): (string | null)[] {
  const column = columnOf(batch, label);
  if (column === undefined) return [];
  return Array.from({ length: batch.rows }, (_, row) => {
    if (!isValid(column.validity, row)) return null;
    if (column.kind === "text") return column.dictionary[column.codes[row] as number] ?? null;
    if (column.kind === "boolean") return column.values[row] === 1 ? "true" : "false";
    return String(column.values[row]);
  });
}

/** Per row that has a label, its place and the share of its neighbours with another one. */
export interface Disagreement {
  readonly row: number;
  readonly share: number;
  /** Whether most neighbours say another one and the same. */
  readonly outvoted: boolean;
  readonly majority: string;
  readonly label: string;
}

function disagreement(
  labels: readonly (string | null)[],
  known: readonly (string | null)[],
  places: Int32Array,
): Disagreement[] {
  const k = places.length / Math.max(1, labels.length);
  return labels.flatMap((label, row) => {
    if (label === null) return [];
    const votes = new Map<string, number>();
    for (let at = row * k; at < (row + 1) * k; at += 1) {
      const other = known[places[at] as number];
      if (other != null) votes.set(other, (votes.get(other) ?? 0) + 1);
    }
    const total = [...votes.values()].reduce((sum, own) => sum + own, 0);
    if (total === 0) return [];
    const [majority = label, most = 0] = [...votes].sort(([, a], [, b]) => b - a)[0] ?? [];
    const agree = votes.get(label) ?? 0;
    return [{ row, share: 1 - agree / total, outvoted: majority !== label && most > agree, majority, label }];
  });
}

function count(rows: readonly Disagreement[]): number {
  return rows.filter(({ outvoted }) => outvoted).length;
}
