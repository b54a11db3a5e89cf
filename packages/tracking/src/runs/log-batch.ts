import type { KeyValue } from "../context.ts";
import { checkMetric, type Metric } from "../metrics/metric.ts";
import { writeMetrics } from "../metrics/write-metrics.ts";
import { invalid } from "../refusal.ts";
import { type SqlStore, type Statement, type StatementResult, StoreRefusal } from "../store/index.ts";
import { limits, truncate } from "../validation/limits.ts";
import { checkKey, quoted } from "../validation/names.ts";
import { activeRun, explainInactive } from "./active-run.ts";
import type { RunEntry, RunIndex } from "./run-index.ts";

export interface Batch {
  readonly metrics?: readonly Metric[];
  readonly params?: readonly KeyValue[];
  readonly tags?: readonly KeyValue[];
}

const changedParam = "param-changed";
export const runNameTag = "mlflow.runName";

/**
 * Checks names and cuts values that are too long; gives the batch as it will be stored. Messages about a
 * `single` value do not count its place in a list.
 */
export function prepareBatch(
  { metrics = [], params = [], tags = [] }: Batch,
  single = false,
): Required<Batch> {
  const at = (list: string, i: number) => (single ? "key" : `${list}[${i}].key`);
  const keys = new Set<string>();
  for (const [i, metric] of metrics.entries()) {
    // Most points of a batch share a few keys.
    if (keys.has(metric.key) && metric.timestampMs >= 0) continue;
    checkMetric(metric, single ? undefined : `metrics[${i}]`);
    keys.add(metric.key);
  }
  for (const [i, { key }] of params.entries()) checkKey(key, at("params", i), "Param key");
  for (const [i, { key }] of tags.entries()) checkKey(key, at("tags", i));
  const twice = params.filter(({ key }, i) => params.findIndex((other) => other.key === key) !== i);
  if (twice.length > 0) {
    const keys = twice.map(({ key }) => `'${key}'`).join(", ");
    throw invalid(
      `Duplicate parameter keys have been submitted: [${keys}]. Please ensure the request contains only one param value per param key.`,
    );
  }
  return {
    metrics,
    params: params.map(({ key, value }) => ({ key, value: truncate(value, limits.paramValue) })),
    // A run keeps its name when it is set to nothing.
    tags: tags
      .filter(({ key, value }) => key !== runNameTag || value !== "")
      .map(({ key, value }) => ({ key, value: truncate(value, limits.runTagValue) })),
  };
}

/** The statements of one run's batch: refused as a whole when the run is not active or a param changes. */
export function writeBatch(run: RunEntry, { metrics, params, tags }: Required<Batch>): Statement[] {
  const unit: Statement[] = [activeRun(run)];
  if (params.length > 0) {
    unit.push(
      {
        sql: `SELECT p.key, p.value AS old_value, asked.value AS new_value, asked.run_id
          FROM (SELECT CAST(? AS TEXT) AS key, CAST(? AS TEXT) AS value, CAST(? AS TEXT) AS run_id) asked
          JOIN tracking_params p ON p.run = ? AND p.key = asked.key AND p.value <> asked.value`,
        rows: params.map(({ key, value }) => [key, value, run.runId, run.id]),
        refuse: changedParam,
      },
      {
        sql: "INSERT INTO tracking_params (run, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        rows: params.map(({ key, value }) => [run.id, key, value]),
      },
    );
  }
  unit.push(...writeMetrics(run.id, metrics), ...writeTags(run.id, tags));
  return unit;
}

/** The statements that set tags; the run's name follows its tag. */
function writeTags(run: number, tags: readonly KeyValue[]): Statement[] {
  if (tags.length === 0) return [];
  const unit: Statement[] = [
    {
      sql: `INSERT INTO tracking_tags (run, key, value) VALUES (?, ?, ?)
        ON CONFLICT (run, key) DO UPDATE SET value = excluded.value`,
      rows: tags.map(({ key, value }) => [run, key, value]),
    },
  ];
  const name = tags.findLast(({ key }) => key === runNameTag)?.value;
  if (name !== undefined) {
    unit.push({ sql: "UPDATE tracking_runs SET name = ? WHERE id = ?", params: [name, run] });
  }
  return unit;
}

/** Writes a unit whose guards are those of batches; a refusal becomes the protocol's answer. */
export async function writeGuarded(
  { store, index }: { readonly store: SqlStore; readonly index: RunIndex },
  unit: readonly Statement[],
  explainParam: (refusal: StoreRefusal) => Error = explainParams,
): Promise<StatementResult[]> {
  try {
    return await store.write(unit);
  } catch (error) {
    if (error instanceof StoreRefusal && error.tag === changedParam) throw explainParam(error);
    throw explainInactive(error, index);
  }
}

function explainParams({ rows }: StoreRefusal): Error {
  const changes = rows.map(
    ({ key, old_value: before, new_value: after }) =>
      `{'key': ${quoted(String(key))}, 'old_value': ${quoted(String(before))}, 'new_value': ${quoted(String(after))}}`,
  );
  return invalid(
    `Changing param values is not allowed. Params were already logged='[${changes.join(", ")}]' for run ID='${rows[0]?.run_id}'.`,
  );
}

/** The words for a single param. */
export function explainOneParam({ rows }: StoreRefusal): Error {
  const { key, old_value: before, new_value: after, run_id: runId } = rows[0] ?? {};
  return invalid(
    `Changing param values is not allowed. Param with key='${key}' was already logged with value='${before}' for run ID='${runId}'. Attempted logging new value '${after}'.`,
  );
}

/** How many of each a request may bring; the in-process API has no such limits. */
export function checkBatchSize({
  metrics,
  params,
  tags,
}: Readonly<Record<keyof Batch, readonly unknown[]>>): void {
  const check = (name: string, limit: number, length: number) => {
    if (length <= limit) return;
    throw invalid(
      `A batch logging request can contain at most ${limit} ${name}. Got ${length} ${name}. Please split up ${name} across multiple requests and try again.`,
    );
  };
  check("metrics", limits.metricsPerBatch, metrics.length);
  check("params", limits.paramsPerBatch, params.length);
  check("tags", limits.tagsPerBatch, tags.length);
  check("metrics, params, and tags", limits.entitiesPerBatch, metrics.length + params.length + tags.length);
}
