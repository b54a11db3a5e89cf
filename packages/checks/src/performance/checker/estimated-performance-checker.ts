import type { ClassAnswers } from "../../answers/answers.ts";
import { AnswersError } from "../../answers/answers-error.ts";
import { gatherLabelled } from "../../answers/dataset-answers.ts";
import { judgeAnswers } from "../../answers/judge-answers.ts";
import { type ModelRoles, roleColumns } from "../../answers/model-roles.ts";
import { readAnswers, takeAnswers } from "../../answers/read-answers.ts";
import { readRoles } from "../../answers/read-roles.ts";
import type { Checker, Dataset } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { gatherRows } from "../../checker/dataset-rows.ts";
import { gravest } from "../../verdict/gravity.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { measureCalibration } from "../calibration/measure-calibration.ts";
import { type CalibrationMethod, fitCalibration } from "../estimate/calibrate-answers.ts";
import { type EstimatedPerformance, estimatePerformance } from "../estimate/estimate-performance.ts";
import { measurePerformance } from "../measure-performance.ts";
import type { ClassMetric } from "../performance-report.ts";

const METRICS = [
  "accuracy",
  "rocAuc",
  "f1",
  "precision",
  "recall",
  "balancedAccuracy",
  "f1Macro",
] as const satisfies readonly ClassMetric[];
type EstimatedMetric = (typeof METRICS)[number];
const LIMITS =
  "Estimated from the model's probabilities as they were worth in the reference: a change of what makes a row positive (concept drift) cannot be seen without labels.";

interface Settings {
  readonly roles: ModelRoles;
  readonly metrics: readonly EstimatedMetric[];
  readonly calibration: CalibrationMethod;
  readonly deviations: number;
  readonly minimumDrop: number;
  readonly minimumSample: number;
}

/**
 * How well does the model do, before labels come? Confidence-based estimation (CBPE): probabilities are calibrated on
 * the labelled reference, and each row of the window counts as each class by its probability.
 *
 * - `alarm`: an estimate is below the mean of the reference's chunks by more than `deviations` of their standard
 *   deviations (3, as in NannyML), and by at least `minimumDrop` (.02)
 * - `warning`: below by so many deviations, but by less; or labels that the window does have contradict the estimate, a
 *   sign of concept drift
 *
 * Params: the roles (`label` in the reference, `probabilities`, `prediction`, `positive`); `metrics` (accuracy, and
 * rocAuc of two classes), `calibration` auto, isotonic, platt or none; `minimumSample` of rows a side (300).
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const estimatedPerformanceChecker: Checker = async (window, reference, context) => {
  const params = checkerParams(context, 'Give {"label", "probabilities", "positive"}.');
  params.needText("label");
  const settings: Settings = {
    roles: { ...readRoles(params), task: "classification" },
    metrics: (params.texts("metrics") ?? ["accuracy", "rocAuc"]).map((name, at) =>
      params.read.oneOf(METRICS, name, `metrics[${at}]`),
    ),
    calibration: params.choice("calibration", ["auto", "isotonic", "platt", "none"], "auto"),
    deviations: params.number("deviations", 3, [0, 100]),
    minimumDrop: params.number("minimumDrop", 0.02, [0, 1]),
    minimumSample: params.number("minimumSample", 300, [30, 1e9]),
  };
  if (settings.roles.probabilities === undefined)
    params.read.fail("probabilities", undefined, "a column, or a column by class");
  params.refuseOthers();
  if (reference === null) {
    return invalidVerdict(
      "performance",
      "There is no reference: give labelled rows that the model was not trained on.",
    );
  }
  return judgeAnswers("performance", () => judge(window, reference, settings));
};

async function judge(window: Dataset, reference: Dataset, settings: Settings): Promise<Verdict> {
  const { roles, minimumSample, calibration } = settings;
  const before = asClasses(await gatherLabelled(reference, roles));
  const now = asClasses(await gatherWindow(window, roles));
  for (const [{ name }, { rows }] of [
    [reference, before],
    [window, now],
  ] as const) {
    if (rows >= minimumSample) continue;
    const message = `${name} has ${rows} rows to go by, and ${minimumSample} are the least: gather more.`;
    return invalidVerdict("performance", message, roles.label);
  }
  const mend = fitCalibration(before, calibration);
  const estimated = estimatePerformance(mend(now), { scores: scoresOf(now) });
  const chunks = chunksOf(before, now.rows);
  const realised = realisedOf(now);
  const judged = settings.metrics.flatMap((metric) => {
    const own = estimated.metrics[metric];
    const values = chunks
      .flatMap((chunk) => chunk[metric]?.value ?? [])
      .filter((value) => !Number.isNaN(value));
    return own === undefined || Number.isNaN(own.value) || values.length < 2
      ? []
      : [judgeMetric({ metric, own, values, realised: realised?.[metric] }, settings)];
  });
  if (judged.length === 0)
    return invalidVerdict(
      "performance",
      'None of the "metrics" can be estimated: name the positive class, other metrics, or give rows of both classes.',
    );
  return verdictOf(judged, {
    estimated,
    calibrationError: calibrationError(before, calibration),
    rows: now.rows,
    chunks: chunks.length,
  });
}

/** The window's rows; that it has no labels yet is what is expected. */
async function gatherWindow(window: Dataset, roles: ModelRoles) {
  const batch = await gatherRows(window, roleColumns(roles));
  const { label, ...others } = roles;
  return readAnswers(batch, batch.columns.some(({ name }) => name === label) ? roles : others);
}

function asClasses(answers: { readonly task: string }): ClassAnswers {
  if (answers.task === "classification") return answers as ClassAnswers;
  throw new AnswersError("", "Values cannot be estimated by CBPE: give a classifier's answers.");
}

function scoresOf({ positive, probabilities }: ClassAnswers): Float64Array {
  return probabilities?.[positive ?? 0] ?? new Float64Array(0);
}

type Metrics = Readonly<
  Partial<Record<ClassMetric, { readonly value: number; readonly low: number; readonly high: number }>>
>;

/** What was realised in parts of the reference of the window's size, or of a tenth where it has not ten of those. */
function chunksOf(reference: ClassAnswers, size: number): Metrics[] {
  const count = Math.max(10, Math.floor(reference.rows / size));
  const cut = (chunk: number) => Math.round((chunk * reference.rows) / count);
  return Array.from({ length: count }, (_, chunk) => {
    const rows = Array.from({ length: cut(chunk + 1) - cut(chunk) }, (_unused, at) => cut(chunk) + at);
    return measurePerformance(takeAnswers(reference, rows), { bootstrapRows: 0 }).metrics;
  });
}

/** Of the rows of the window that do have a label, when they are enough to tell. */
function realisedOf(now: ClassAnswers): Metrics | null {
  const rows = Array.from(now.labels.keys()).filter((row) => (now.labels[row] as number) >= 0);
  return rows.length < 100
    ? null
    : measurePerformance(takeAnswers(now, rows), { bootstrapRows: 0, confidence: 0.999 }).metrics;
}

/** Fitted on the even rows, seen on the odd ones: what is left wrong by the calibration. */
function calibrationError(reference: ClassAnswers, method: CalibrationMethod): number {
  const rows = Array.from({ length: reference.rows }, (_, row) => row);
  const half = (rest: number) =>
    takeAnswers(
      reference,
      rows.filter((row) => row % 2 === rest),
    );
  const [fitted, unseen] = [half(0), half(1)];
  const at = reference.positive ?? 0;
  const mended = fitCalibration(fitted, method)(unseen).probabilities?.[at] ?? [];
  const labels = Float64Array.from(unseen.labels, (label) => Number(label === at));
  return measureCalibration(mended, labels, { weights: unseen.weights }).eceDebiased;
}

interface Compared {
  readonly metric: EstimatedMetric;
  readonly own: { readonly value: number; readonly low: number; readonly high: number };
  readonly values: readonly number[];
  readonly realised: { readonly value: number; readonly low: number; readonly high: number } | undefined;
}

function judgeMetric({ metric, own, values, realised }: Compared, { deviations, minimumDrop }: Settings) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
  const least = mean - deviations * deviation;
  const contradicted =
    realised !== undefined &&
    (own.value < realised.low - minimumDrop || own.value > realised.high + minimumDrop);
  const low = own.value < least ? (mean - own.value >= minimumDrop ? "alarm" : "warning") : "ok";
  return {
    metric,
    own,
    mean,
    deviation,
    least,
    realised,
    contradicted,
    status: gravest([low, contradicted ? "warning" : "ok"]),
  };
}

interface Estimated {
  readonly estimated: EstimatedPerformance;
  readonly calibrationError: number;
  readonly rows: number;
  readonly chunks: number;
}

function verdictOf(
  judged: readonly ReturnType<typeof judgeMetric>[],
  { calibrationError: error, rows, chunks }: Estimated,
): Verdict {
  const status = gravest(judged.map((own) => own.status));
  const texts = judged.map(
    ({ metric, own, mean }) =>
      `${metric} ${own.value.toFixed(3)} (${own.low.toFixed(3)} to ${own.high.toFixed(3)}; reference ${mean.toFixed(3)})`,
  );
  const denied = judged.filter(({ contradicted }) => contradicted);
  const labels = denied.map(
    ({ metric, realised }) =>
      `The labels that are there give ${metric} ${realised?.value.toFixed(3)}: what makes a row positive has changed, trust labels and not this estimate.`,
  );
  const loose =
    error > 0.05
      ? [
          `The calibration is off by ${error.toFixed(3)} on reference rows it has not seen: give more labelled ones.`,
        ]
      : [];
  const opening =
    status === "ok" || judged.every(({ own, least }) => own.value >= least)
      ? "The model is estimated to do"
      : "The model is estimated to do worse:";
  return {
    status,
    kind: "performance",
    message: [`${opening} ${texts.join(", ")} on ${rows} rows.`, ...labels, ...loose, LIMITS].join(" "),
    columns: [],
    evidence: Object.fromEntries(
      judged.map(({ metric, own, mean, deviation, least, realised, contradicted, status: found }) => [
        metric,
        {
          status: found,
          estimate: own.value,
          low: own.low,
          high: own.high,
          reference: mean,
          deviation,
          threshold: least,
          chunks,
          realised: realised?.value ?? null,
          contradicted,
          calibrationError: error,
        },
      ]),
    ),
    figures: [
      {
        kind: "bars",
        title: "Estimated performance",
        x: "figure",
        y: "value",
        categories: judged.map(({ metric }) => metric),
        series: [
          {
            name: "reference, realised",
            values: judged.map(({ mean }) => mean),
            low: judged.map(({ least }) => least),
            high: judged.map(({ mean }) => mean),
          },
          {
            name: "window, estimated",
            values: judged.map(({ own }) => own.value),
            low: judged.map(({ own }) => own.low),
            high: judged.map(({ own }) => own.high),
          },
        ],
      },
    ],
  };
}
