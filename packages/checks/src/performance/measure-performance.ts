import type { Answers, ClassAnswers, ValueAnswers } from "../answers/answers.ts";
import { AnswersError } from "../answers/answers-error.ts";
import type { ModelRoles } from "../answers/model-roles.ts";
import { readAnswers } from "../answers/read-answers.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { createClassMeter } from "./classification/class-meter.ts";
import { completePerformanceOptions, type PerformanceOptions } from "./performance-options.ts";
import type { ClassPerformance, Performance, ValuePerformance } from "./performance-report.ts";
import { createValueMeter } from "./regression/value-meter.ts";

/** Measures a model batch by batch. */
export interface PerformanceMeter {
  /** @throws ChecksError SCANFLOW_ANSWERS_INVALID, see `readAnswers` */
  add(batch: ColumnBatch): void;
  /** @throws ChecksError SCANFLOW_ANSWERS_INVALID when no row had a label */
  finish(): Performance;
}

/**
 * How well a model does on labelled rows, in one pass and in memory that does not grow with them. Exact, but for the
 * area under the ROC curve beyond `exactScores` rows, whose error is then given, and quantiles of errors beyond
 * 100,000 rows, which are of a sample.
 *
 * Classes, and the positive one, are best named in the roles, so that a batch that lacks one is read like the others.
 */
export function createPerformanceMeter(
  roles: ModelRoles,
  options: PerformanceOptions = {},
): PerformanceMeter {
  const settings = completePerformanceOptions(options);
  const classes = createClassMeter(settings);
  const values = createValueMeter(settings);

  function add(batch: ColumnBatch): void {
    if (batch.rows === 0) return;
    const answers = readAnswers(batch, roles);
    if (answers.task === "regression") values.add(answers);
    else classes.add(answers);
  }

  function finish(): Performance {
    const performance = roles.task === "regression" ? values.finish() : classes.finish();
    if (performance.rows > 0) return performance;
    const label = roles.label ?? "";
    throw new AnswersError(
      label,
      `Column "${label}" has no label in any row with a prediction: wait for labels, or estimate without them.`,
    );
  }

  return { add, finish };
}

/**
 * How well a model does on labelled rows, each figure with its interval: Wilson's for shares, DeLong's for the area
 * under the ROC curve, a BCa bootstrap (few rows) or the delta method (many) for the others; of a model without an error the rule of three.
 *
 * ```ts
 * import { batchOf } from "@scanflow/checks";
 * import { measurePerformance, readAnswers } from "@scanflow/checks/performance";
 *
 * const rows = batchOf({ truth: ["cat", "dog", "cat"], said: ["cat", "dog", "dog"] });
 * const answers = readAnswers(rows, { task: "classification", label: "truth", prediction: "said" });
 * console.log(measurePerformance(answers).metrics.accuracy?.value); // 0.666…
 * ```
 */
export function measurePerformance(answers: ClassAnswers, options?: PerformanceOptions): ClassPerformance;
export function measurePerformance(answers: ValueAnswers, options?: PerformanceOptions): ValuePerformance;
export function measurePerformance(answers: Answers, options?: PerformanceOptions): Performance;
export function measurePerformance(answers: Answers, options: PerformanceOptions = {}): Performance {
  const settings = completePerformanceOptions(options);
  if (answers.task === "regression") {
    const meter = createValueMeter(settings);
    meter.add(answers);
    return meter.finish();
  }
  const meter = createClassMeter(settings);
  meter.add(answers);
  return meter.finish();
}
