import type { Answers } from "../../answers/answers.ts";
import { AnswersError } from "../../answers/answers-error.ts";
import { gatherLabelled } from "../../answers/dataset-answers.ts";
import { judgeAnswers } from "../../answers/judge-answers.ts";
import type { ModelRoles } from "../../answers/model-roles.ts";
import { readRoles } from "../../answers/read-roles.ts";
import type { Checker } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { pValueText } from "../../statistics/p-value-text.ts";
import { gravest } from "../../verdict/gravity.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { type Calibration, measureCalibration } from "../calibration/measure-calibration.ts";
import { type Named, reliabilityFigure } from "../figure/performance-figures.ts";

/**
 * Are the model's probabilities still what happens? Of the positive class, or of each class against the others.
 *
 * - `alarm`: the labels are significantly off (`measureCalibration`), and the debiased error is at least the minimum
 * - `warning`: significant, but smaller
 *
 * Params: the roles (with `label` and `probabilities`); `minimumError` (default .03), `significance` (.05, shared by
 * the classes), `bins` (10), `strategy` quantile or uniform, `minimumSample` of labelled rows (100). A reference is only
 * drawn beside.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const calibrationChecker: Checker = async (window, reference, context) => {
  const params = checkerParams(context, 'Give {"label", "probabilities", "positive"}.');
  params.needText("label");
  const own = { ...readRoles(params), task: "classification" } as const;
  if (own.probabilities === undefined)
    params.read.fail("probabilities", undefined, "a column, or a column by class");
  const options = {
    bins: params.whole("bins", 10, [2, 1_000]),
    strategy: params.choice("strategy", ["quantile", "uniform"], "quantile"),
  };
  const least = params.number("minimumError", 0.03, [0, 1]);
  const significance = params.number("significance", 0.05, [1e-12, 1]);
  const sample = params.number("minimumSample", 100, [2, 1e9]);
  params.refuseOthers();
  return judgeAnswers("performance", async () => {
    const answers = await gatherLabelled(window, own);
    if (answers.rows < sample) {
      const message = `${window.name} has ${answers.rows} labelled rows, and ${sample} are the least: gather more.`;
      return invalidVerdict("performance", message, own.label);
    }
    const now = calibrationsOf(answers, options);
    const before = reference === null ? [] : calibrationsOf(await gatherLabelled(reference, own), options);
    const judged = now.map(({ name, value }) => {
      const real = value.pValue * now.length <= significance;
      return {
        name,
        value,
        column: columnOf(own.probabilities, name),
        status: real ? (value.eceDebiased >= least ? "alarm" : "warning") : "ok",
      } as const;
    });
    return verdictOf(judged, before, now.length === 1 ? window.name : "");
  });
};

function calibrationsOf(
  answers: Answers,
  options: { bins: number; strategy: "quantile" | "uniform" },
): Named<Calibration>[] {
  if (answers.task === "regression" || answers.probabilities === null)
    throw new AnswersError("", "There are no probabilities: name their columns.");
  const { classes, positive, labels, weights } = answers;
  return answers.probabilities.flatMap((scores, at) => {
    if (classes.length === 2 && at !== (positive ?? 1)) return [];
    const hits = Float64Array.from(labels, (label) => Number(label === at));
    return [{ name: classes[at] ?? "", value: measureCalibration(scores, hits, { ...options, weights }) }];
  });
}

/** The column of a class's probabilities. */
function columnOf(probabilities: ModelRoles["probabilities"], name: string): string {
  return (typeof probabilities === "object" ? probabilities[name] : probabilities) ?? name;
}

type Judged = Named<Calibration> & {
  readonly column: string;
  readonly status: "ok" | "warning" | "alarm";
};

function verdictOf(
  judged: readonly Judged[],
  before: readonly Named<Calibration>[],
  window: string,
): Verdict {
  const status = gravest(judged.map((own) => own.status));
  const text = ({ name, value }: Judged) =>
    `"${name}" (calibration error ${value.eceDebiased.toFixed(3)}, z ${value.z?.toFixed(1) ?? "without bound"}, p ${pValueText(value.pValue)})`;
  const found = judged.filter((own) => own.status !== "ok");
  const [first] = judged;
  const figures = judged.slice(0, 6).map((own) => {
    const was = before.find(({ name }) => name === own.name);
    const now = { name: window === "" ? `${own.name}, window` : window, value: own.value };
    return reliabilityFigure(was === undefined ? [now] : [{ name: "reference", value: was.value }, now]);
  });
  return {
    status,
    kind: "performance",
    message:
      status === "ok"
        ? `The probabilities are as reliable as ${first?.value.rows ?? 0} rows can tell: ${judged.map(text).join(", ")}.`
        : `The probabilities are not what happens: ${found.map(text).join(", ")}. Calibrate the model again on labelled rows, such as these.`,
    columns: found.map(({ column }) => column),
    evidence: Object.fromEntries(
      judged.map(({ name, value: { bins, ...value }, status: own }) => [
        name,
        { status: own, ...value, bins: bins.length },
      ]),
    ),
    figures,
  };
}
