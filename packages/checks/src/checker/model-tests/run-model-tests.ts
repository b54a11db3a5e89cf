import { roleColumns } from "../../answers/model-roles.ts";
import { cellOf } from "../../batch/cell-of.ts";
import type { Column } from "../../batch/column.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import { ChecksError } from "../../errors.ts";
import { createPerformanceMeter } from "../../performance/measure-performance.ts";
import { sampleBatch } from "../../profile/sample-columns.ts";
import type { CheckContext, Dataset, PredictRows } from "../checker.ts";
import { changedBatches } from "./changed-column.ts";
import { fittingRows, needed } from "./fitting-rows.ts";
import type { InvarianceTest, LatencyTest, MetricTest, ModelTests } from "./model-test.ts";

/** What a test measured; `low` and `high` bound its figure, where it has an interval. */
export interface Measured {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly rows: number;
}

/** Why a test could not be made. */
export interface Unmeasured {
  readonly problem: string;
}

/** Figures of all metric tests in one pass over the rows, which are predicted where there is a predictor. */
export async function measureMetrics(
  window: Dataset,
  { tests, roles }: ModelTests,
  { predict, signal }: Pick<CheckContext, "signal"> & { readonly predict: PredictRows | null },
): Promise<ReadonlyMap<string, Measured | Unmeasured>> {
  const metrics = tests.filter((test) => test.kind === "metric");
  const meters = metrics.map((test) => ({ test, meter: createPerformanceMeter(roles) }));
  const problems = new Map<string, Unmeasured>();
  const met = new Set<string>();
  if (meters.length === 0) return new Map();
  if (window.batches === null) {
    return new Map(metrics.map(({ name }) => [name, { problem: "only a profile was kept: give the rows" }]));
  }
  for await (const batch of window.batches()) {
    signal.throwIfAborted();
    const answered =
      predict === null ? batch : withAnswers(batch, await predict(withoutAnswers(batch, roles)));
    for (const { test, meter } of meters) {
      if (problems.has(test.name)) continue;
      try {
        const rows = fittingRows(answered, test.where);
        if (rows.rows === 0) continue;
        met.add(test.name);
        meter.add(rows);
      } catch (error) {
        problems.set(test.name, unmeasured(error));
      }
    }
  }
  return new Map(
    meters.map(({ test, meter }) => [
      test.name,
      problems.get(test.name) ?? (met.has(test.name) ? figureOf(test, meter) : noRowOf(test)),
    ]),
  );
}

function noRowOf({ where }: MetricTest): Unmeasured {
  if (where.length === 0) return { problem: "there are no rows: see what should have filled the data" };
  const columns = where.map(({ column }) => `"${column}"`).join(" and ");
  return {
    problem: `no row has what "where" asks of ${columns}: see which values there are, and correct it`,
  };
}

/** Why a test could not be made; what is no fault of the data or the test is thrown on. */
export function unmeasured(error: unknown): Unmeasured {
  if (!(error instanceof ChecksError) || error.code === "SCANFLOW_PREDICTOR_INVALID") throw error;
  return { problem: error.message.replace(/\.$/, "") };
}

function figureOf(
  { metric, minimumSample }: MetricTest,
  meter: ReturnType<typeof createPerformanceMeter>,
): Measured | Unmeasured {
  try {
    const { rows, metrics } = meter.finish();
    if (rows < minimumSample) {
      return {
        problem: `${rows} labelled rows are fewer than ${minimumSample}: gather more, or loosen minimumSample`,
      };
    }
    const estimate = metrics[metric];
    if (estimate === undefined || estimate.value === null) {
      return {
        problem: `the figure ${metric} does not fit the task: name probabilities, a positive class or another one`,
      };
    }
    if (Number.isNaN(estimate.value)) {
      return {
        problem: `the figure ${metric} has no value on these ${rows} rows: give rows of every class, or loosen where`,
      };
    }
    return { value: estimate.value, low: estimate.low, high: estimate.high, rows };
  } catch (error) {
    return unmeasured(error);
  }
}

/** The share of rows whose prediction changes with the column. */
export async function measureInvariance(
  window: Dataset,
  test: InvarianceTest,
  { predict, roles }: { readonly predict: PredictRows; readonly roles: ModelTests["roles"] },
): Promise<Measured | Unmeasured> {
  const sample = sampleBatch(await window.profile());
  const all = withoutAnswers(sample, roles);
  const batch = takeRows(
    all,
    Array.from({ length: Math.min(test.rows, all.rows) }, (_, row) => row),
  );
  if (batch.rows === 0) return { problem: "there are no rows: see what should have filled the data" };
  const answer = (answers: ColumnBatch) => needed(answers, roles.prediction ?? singleName(roles));
  const before = answer(await predict(batch));
  const changed = new Set<number>();
  for (const other of changedBatches(batch, test)) {
    const after = answer(await predict(other));
    for (let row = 0; row < batch.rows; row += 1) {
      if (!isSame(before, after, { row, tolerance: test.tolerance })) changed.add(row);
    }
  }
  return { value: changed.size / batch.rows, low: null, high: null, rows: batch.rows };
}

/** The 95th percentile of the time that the predictor takes, in milliseconds; the first call does not count. */
export async function measureLatency(
  window: Dataset,
  test: LatencyTest,
  {
    predict,
    roles,
    now,
  }: { readonly predict: PredictRows; readonly roles: ModelTests["roles"]; readonly now: () => number },
): Promise<Measured | Unmeasured> {
  const all = withoutAnswers(sampleBatch(await window.profile()), roles);
  if (all.rows === 0) return { problem: "there are no rows: see what should have filled the data" };
  const times: number[] = [];
  for (let time = 0; time <= test.times; time += 1) {
    const batch = takeRows(
      all,
      Array.from({ length: test.rows }, (_, row) => (time * test.rows + row) % all.rows),
    );
    const begun = now();
    await predict(batch);
    if (time > 0) times.push(now() - begun);
  }
  times.sort((a, b) => a - b);
  const value = times[Math.ceil(0.95 * times.length) - 1] ?? Number.NaN;
  return { value, low: null, high: null, rows: test.rows };
}

/** A model must not see what it is to find. */
function withoutAnswers({ rows, columns }: ColumnBatch, roles: ModelTests["roles"]): ColumnBatch {
  const hidden = new Set(roleColumns(roles));
  return { rows, columns: columns.filter(({ name }) => !hidden.has(name)) };
}

function withAnswers(batch: ColumnBatch, answers: ColumnBatch): ColumnBatch {
  const names = new Set(answers.columns.map(({ name }) => name));
  return {
    rows: batch.rows,
    columns: [...batch.columns.filter(({ name }) => !names.has(name)), ...answers.columns],
  };
}

function singleName({ probabilities }: ModelTests["roles"]): string {
  return typeof probabilities === "string" ? probabilities : "prediction";
}

function isSame(
  before: Column,
  after: Column,
  { row, tolerance }: { readonly row: number; readonly tolerance: number },
): boolean {
  const [a, b] = [cellOf(before, row), cellOf(after, row)];
  return typeof a === "number" && typeof b === "number" ? Math.abs(a - b) <= tolerance : a === b;
}
