import type { ColumnBatch } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import type { BarsFigure } from "../../figure/figure.ts";
import { createRandom } from "../../random/random.ts";
import { exceedanceChance } from "../check/beta-binomial.ts";
import { DETECTOR_KINDS, type DetectorKind } from "../detector.ts";
import { type FitOptions, fitDetector } from "../fit-detector.ts";
import { columnMoments } from "../front/moments.ts";
import { SCANFLOW_2021, scanflow2021 } from "../preset/scanflow-2021.ts";
import { batchOfRows } from "../rows/batch-of-rows.ts";
import { imageOf } from "../rows/image-of.ts";
import { learnColumns, rowsOf } from "../rows/row-columns.ts";
import { firstRows } from "../run-rows.ts";
import type { CorruptionInput } from "./corruption.ts";
import { imageCorruptions } from "./image-corruptions.ts";
import { tableCorruptions } from "./table-corruptions.ts";

/** A kind of detector, or the original one for comparison. */
export type ComparedKind = DetectorKind | typeof SCANFLOW_2021;

/** How one detector does on held-out reference rows: above the threshold 0.95, or outside the original's own limits. */
export interface DetectorComparison<Kind extends ComparedKind = DetectorKind> {
  readonly kind: Kind;
  /** Share of clean rows that it calls unusual: 0.05 was asked for. */
  readonly falsePositives: number;
  /** Whether that is no more than chance explains (exact test, significance 0.01). */
  readonly keepsToFalsePositives: boolean;
  /** Share of rows found, by corruption. */
  readonly found: Readonly<Record<string, number>>;
  /** Mean of it over the corruptions. */
  readonly mean: number;
}

/** What each kind of detector finds of a fixed set of corruptions, at 5 % false positives on held-out reference rows. */
export interface DetectorReport<Kind extends ComparedKind = DetectorKind> {
  /** The one that finds most among those that keep to the false positives; among all where none does. */
  readonly best: Kind;
  readonly detectors: readonly DetectorComparison<Kind>[];
  /** The shares found, as a picture. */
  readonly figure: BarsFigure;
}

/** Settings of `compareDetectors`: those of `fitDetector`, and which kinds are tried. */
export interface CompareOptions<Kind extends ComparedKind> extends Omit<FitOptions, "kind"> {
  /** Default: all but `scanflow-2021`, which takes images from 0 to 1 only. */
  readonly kinds?: readonly Kind[];
  /** Epochs that `scanflow-2021` is trained for; default 50, as it was. */
  readonly originalEpochs?: number;
}

const threshold = 0.95;

/**
 * Which detector suits some data: each is fitted to four fifths of the reference and shown the last fifth, clean and
 * with a fixed set of things gone wrong, at a threshold that calls 5 % of clean rows unusual. No labels are needed.
 *
 * @throws ChecksError as `fitDetector` and, for its kind, `scanflow2021` do
 */
export async function compareDetectors<Kind extends ComparedKind = DetectorKind>(
  reference: ColumnBatch,
  { kinds = DETECTOR_KINDS as readonly ComparedKind[] as readonly Kind[], ...options }: CompareOptions<Kind>,
): Promise<DetectorReport<Kind>> {
  const { seed = 0 } = options;
  const names = options.columns ?? reference.columns.map(({ name }) => name);
  const columns = learnColumns(reference, names);
  const image = imageOf(columns, options.image);
  const random = createRandom(seed, "compare");
  const lots = Array.from({ length: reference.rows }, () => random.uniform());
  const places = (wanted: boolean) => [...lots.keys()].filter((row) => (lots[row] ?? 0) < 0.2 === wanted);
  const held = takeRows(reference, places(true));
  const learning = takeRows(reference, places(false));
  const detectors: DetectorComparison<Kind>[] = [];
  for (const kind of kinds) {
    const contender = await fitContender(kind, learning, options);
    detectors.push({ kind, ...(await tryOut(contender, { held, columns, image, seed })) });
    await contender.close();
  }
  const calm = detectors.filter(({ keepsToFalsePositives }) => keepsToFalsePositives);
  const best = (calm.length > 0 ? calm : detectors).reduce((leader, one) =>
    one.mean > leader.mean ? one : leader,
  );
  return { best: best.kind, detectors, figure: figureOf(detectors) };
}

interface Contender {
  /** Rows that its limits were set by. */
  readonly heldOut: number;
  flag(rows: ColumnBatch): Promise<readonly boolean[]>;
  close(): Promise<void>;
}

async function fitContender(
  kind: ComparedKind,
  learning: ColumnBatch,
  { originalEpochs: epochs, ...options }: Omit<CompareOptions<never>, "kinds">,
): Promise<Contender> {
  if (kind === SCANFLOW_2021) {
    const { image, ...rest } = options;
    const original = await scanflow2021(learning, {
      ...rest,
      ...(image && { image }),
      ...(epochs && { epochs }),
    });
    return { heldOut: original.reference.rows, flag: original.flag, close: original.close };
  }
  const detector = await fitDetector(learning, { ...options, kind });
  return {
    heldOut: detector.reference.heldOut,
    flag: async (rows) => Array.from((await detector.score(rows)).score, (one) => one > threshold),
    close: detector.close,
  };
}

interface Trial extends Pick<CorruptionInput, "columns" | "image"> {
  readonly held: ColumnBatch;
  readonly seed: number;
}

async function tryOut(contender: Contender, { held, columns, image, seed }: Trial) {
  const count = async (rows: ColumnBatch) => (await contender.flag(rows)).filter(Boolean).length;
  const rows = firstRows({ rows: held.rows, values: rowsOf(held, columns) }, 1000);
  const spread = columnMoments(rows).variance.map(Math.sqrt);
  const texts = columns.some((column) => column.kind === "text");
  const corruptions = image
    ? imageCorruptions
    : tableCorruptions.filter(({ name }) => texts || name !== "unseen categories");
  const found: Record<string, number> = {};
  for (const { name, apply } of corruptions) {
    const random = createRandom(seed, `corruption/${name}`);
    const values = apply({ rows, columns, image, spread, random });
    found[name] = (await count(batchOfRows({ rows: rows.rows, values }, columns))) / Math.max(1, rows.rows);
  }
  const rates = Object.values(found);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const { heldOut } = contender;
  const above = Math.round((1 - threshold) * (heldOut + 1));
  const clean = await count(held);
  const chance = exceedanceChance(clean, { rows: held.rows, heldOut, above });
  return {
    falsePositives: clean / Math.max(1, held.rows),
    keepsToFalsePositives: chance > 0.01,
    found,
    mean,
  };
}

function figureOf(detectors: readonly DetectorComparison<ComparedKind>[]): BarsFigure {
  const categories = ["clean rows", ...Object.keys(detectors[0]?.found ?? {})];
  return {
    kind: "bars",
    title: "What each detector finds at 5 % false positives",
    x: "what was done to held-out reference rows",
    y: "share of rows found",
    categories,
    series: detectors.map(({ kind, falsePositives, found }) => ({
      name: kind,
      values: [falsePositives, ...Object.values(found)],
    })),
  };
}
