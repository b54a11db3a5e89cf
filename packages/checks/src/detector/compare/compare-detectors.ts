import type { ColumnBatch } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import type { BarsFigure } from "../../figure/figure.ts";
import { createRandom } from "../../random/random.ts";
import { DETECTOR_KINDS, type Detector, type DetectorKind } from "../detector.ts";
import { type FitOptions, fitDetector } from "../fit-detector.ts";
import { columnMoments } from "../front/moments.ts";
import { batchOfRows } from "../rows/batch-of-rows.ts";
import { learnColumns, rowsOf } from "../rows/row-columns.ts";
import { firstRows } from "../run-rows.ts";
import type { CorruptionInput } from "./corruption.ts";
import { imageCorruptions } from "./image-corruptions.ts";
import { tableCorruptions } from "./table-corruptions.ts";

/** How one detector does on held-out reference rows, at the threshold 0.95. */
export interface DetectorComparison {
  readonly kind: DetectorKind;
  /** Share of clean rows above the threshold: 0.05 was asked for. */
  readonly falsePositives: number;
  /** Share of rows found, by corruption. */
  readonly found: Readonly<Record<string, number>>;
  /** Mean of it over the corruptions. */
  readonly mean: number;
}

/** What each kind of detector finds of a fixed set of corruptions, at 5 % false positives on held-out reference rows. */
export interface DetectorReport {
  /** The one that finds most. */
  readonly best: DetectorKind;
  readonly detectors: readonly DetectorComparison[];
  /** The shares found, as a picture. */
  readonly figure: BarsFigure;
}

const threshold = 0.95;

/**
 * Which detector suits some data: each is fitted to four fifths of the reference and shown the last fifth, clean and
 * with a fixed set of things gone wrong, at a threshold that calls 5 % of clean rows unusual. No labels are needed.
 *
 * @throws ChecksError as `fitDetector` does
 */
export async function compareDetectors(
  reference: ColumnBatch,
  {
    kinds = DETECTOR_KINDS,
    ...options
  }: Omit<FitOptions, "kind"> & { readonly kinds?: readonly DetectorKind[] },
): Promise<DetectorReport> {
  const { seed = 0 } = options;
  const names = options.columns ?? reference.columns.map(({ name }) => name);
  const columns = learnColumns(reference, names);
  const random = createRandom(seed, "compare");
  const lots = Array.from({ length: reference.rows }, () => random.uniform());
  const places = (wanted: boolean) => [...lots.keys()].filter((row) => (lots[row] ?? 0) < 0.2 === wanted);
  const held = takeRows(reference, places(true));
  const learning = takeRows(reference, places(false));
  const detectors: DetectorComparison[] = [];
  for (const kind of kinds) {
    const detector = await fitDetector(learning, { ...options, kind });
    detectors.push(await tryOut(detector, { kind, held, columns, seed }));
    await detector.close();
  }
  const best = detectors.reduce((leader, one) => (one.mean > leader.mean ? one : leader));
  return { best: best.kind, detectors, figure: figureOf(detectors) };
}

async function tryOut(
  detector: Detector,
  {
    kind,
    held,
    columns,
    seed,
  }: { kind: DetectorKind; held: ColumnBatch; columns: CorruptionInput["columns"]; seed: number },
): Promise<DetectorComparison> {
  const share = async (rows: ColumnBatch) => {
    const { score } = await detector.score(rows);
    return score.filter((one) => one > threshold).length / Math.max(1, score.length);
  };
  const all = { rows: held.rows, values: rowsOf(held, columns) };
  const rows = firstRows(all, 1000);
  const spread = columnMoments(rows).variance.map(Math.sqrt);
  const texts = columns.some((column) => column.kind === "text");
  const corruptions = detector.image
    ? imageCorruptions
    : tableCorruptions.filter(({ name }) => texts || name !== "unseen categories");
  const found: Record<string, number> = {};
  for (const { name, apply } of corruptions) {
    const random = createRandom(seed, `corruption/${name}`);
    const values = apply({ rows, columns, image: detector.image, spread, random });
    found[name] = await share(batchOfRows({ rows: rows.rows, values }, columns));
  }
  const rates = Object.values(found);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return { kind, falsePositives: await share(held), found, mean };
}

function figureOf(detectors: readonly DetectorComparison[]): BarsFigure {
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
