import { cellOf } from "../../batch/cell-of.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { columnOf } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import type { CheckContext, Checker, Dataset } from "../../checker/checker.ts";
import { gatherRows } from "../../checker/dataset-rows.ts";
import { ChecksError } from "../../errors.ts";
import { pValueText } from "../../statistics/p-value-text.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import type { Detector, Scores } from "../detector.ts";
import { fitDetector } from "../fit-detector.ts";
import { SCANFLOW_2021, type Scanflow2021, scanflow2021 } from "../preset/scanflow-2021.ts";
import { scoreFigure, worstFigure } from "./detector-figures.ts";
import { type DetectorParams, readDetectorParams } from "./detector-params.ts";
import { judgeByScanflow2021 } from "./judge-by-scanflow-2021.ts";
import { judgeShare } from "./judge-share.ts";
import { needRuntime, openSaved } from "./open-saved.ts";

/** Codes of errors that params bring about, and no data. */
const wrongParams: ReadonlySet<string> = new Set([
  "SCANFLOW_CHECK_OPTION_INVALID",
  "SCANFLOW_NETWORK_INVALID",
]);

/**
 * Whether more rows of a window are unusual than of the reference, by a detector that was saved (`detector`: its path)
 * or is fitted to the reference at once. Alarm: the share of rows above `threshold` (0.95) is too large for chance
 * (`significance` 0.05, an exact test that knows how large the held-out reference was) and by `minimumEffect` (0.05)
 * larger than usual. Other params: `kind`, `architecture`, `steps`, `columns`, `image`, `minimumSample`, `worst`, `id`. The kind `scanflow-2021`
 * is the original detector, for comparison: of it the rows outside its limits are counted.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param, SCANFLOW_NETWORK_INVALID naming the layer of
 * `architecture` that does not fit
 */
export const detectorChecker: Checker = async (window, reference, context) => {
  const params = readDetectorParams(context);
  const rows = await gatherRows(window);
  if (rows.rows < params.minimumSample) {
    return invalidVerdict(
      "drift",
      `${window.name} has ${rows.rows} rows, but ${params.minimumSample} are needed: give more.`,
    );
  }
  let detector: Detector | Scanflow2021 | null = null;
  try {
    detector = await openDetector(params, reference, context);
    return "flag" in detector
      ? await judgeByScanflow2021(detector, rows, params)
      : await judge(detector, rows, params);
  } catch (error) {
    if (!(error instanceof ChecksError) || wrongParams.has(error.code)) throw error;
    return invalidVerdict("drift", error.message);
  } finally {
    await detector?.close();
  }
};

async function openDetector(
  params: DetectorParams,
  reference: Dataset | null,
  context: CheckContext,
): Promise<Detector | Scanflow2021> {
  const runtime = needRuntime(context);
  if (params.detector !== null) return openSaved(params.detector, context);
  if (reference === null) {
    throw new ChecksError(
      "SCANFLOW_DETECTOR_REFERENCE",
      "There is neither a reference nor a saved detector: give reference data, or name a file in `detector`.",
    );
  }
  const data = await gatherRows(reference);
  const columns = params.columns ?? data.columns.map(({ name }) => name).filter((name) => name !== params.id);
  const { random, signal } = context;
  const options = { runtime, columns, seed: random("detector").below(2 ** 31), signal };
  const { kind, image, architecture, steps } = params;
  const pictures = { ...options, ...(image && { image }) };
  if (kind === SCANFLOW_2021) return scanflow2021(data, pictures);
  return fitDetector(data, {
    ...pictures,
    kind,
    ...(architecture && { architecture }),
    ...(steps && { steps }),
  });
}

async function judge(detector: Detector, rows: ColumnBatch, params: DetectorParams): Promise<Verdict> {
  const scores = await detector.score(rows);
  const known = scores.score.filter((score) => !Number.isNaN(score));
  const unscored = rows.rows - known.length;
  if (known.length === 0)
    return invalidVerdict(
      "drift",
      "No row can be scored: each has a missing or infinite pixel. Mend the images.",
    );
  const { heldOut } = detector.reference;
  const expected = 1 - params.threshold;
  const count = known.filter((score) => score > params.threshold).length;
  const { share, pValue, status } = judgeShare({ count, rows: known.length }, { heldOut, expected }, params);
  const worst = worstRows(rows, scores, params);
  const columns =
    status === "ok"
      ? []
      : await columnsBehind(
          detector,
          rows,
          worst.map(({ row }) => row),
        );
  const picture = await worstFigure(detector, rows, worst);
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const skipped =
    unscored === 0 ? "" : ` ${unscored} rows could not be scored, as pixels are missing in them.`;
  const action = status === "ok" ? "" : " Look at the most unusual rows: label them, or mend what made them.";
  return {
    status,
    kind: "drift",
    message:
      `${percent(share)} of ${known.length} rows are more unusual than ${percent(params.threshold)} of the reference ` +
      `(${percent(expected)} expected, p ${pValueText(pValue)}).${skipped}${action}`,
    columns,
    evidence: {
      [detector.columns.length === 1 ? (detector.columns[0] ?? "rows") : "rows"]: {
        detector: detector.kind,
        threshold: params.threshold,
        share,
        expected,
        pValue,
        rows: known.length,
        unscored,
        worst: worst.map(({ row, id, score, surprise }) => ({ row, id, score, surprise })),
      },
    },
    figures: [scoreFigure(scores), ...(picture ? [picture] : [])],
  };
}

function worstRows(rows: ColumnBatch, { score, surprise }: Scores, { worst, id }: DetectorParams) {
  const name = id === null ? undefined : columnOf(rows, id);
  return Array.from(surprise.keys())
    .filter((row) => !Number.isNaN(surprise[row]))
    .sort((a, b) => (surprise[b] ?? 0) - (surprise[a] ?? 0))
    .slice(0, worst)
    .map((row) => ({
      row,
      id: name === undefined ? String(row) : String(cellOf(name, row) ?? row),
      score: score[row] ?? 0,
      surprise: surprise[row] ?? 0,
    }));
}

/** The columns of a table whose values the detector restored worst; those it reads where it cannot tell. */
async function columnsBehind(
  detector: Detector,
  rows: ColumnBatch,
  worst: readonly number[],
): Promise<string[]> {
  if (detector.features.length === 0 || detector.kind === "neighbours")
    return [...detector.columns].slice(0, 3);
  const { seen, restored } = await detector.restore(takeRows(rows, worst));
  const errors = new Map<string, number>();
  for (let at = 0; at < seen.values.length; at += 1) {
    const name = detector.features[at % seen.columns] ?? "";
    const error = ((seen.values[at] ?? 0) - (restored.values[at] ?? 0)) ** 2;
    errors.set(name, (errors.get(name) ?? 0) + error);
  }
  return [...errors]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name]) => name);
}
