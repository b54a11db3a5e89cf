import fc from "fast-check";
import { test } from "vitest";
import {
  createLoggedModel,
  deleteLoggedModel,
  finalizeLoggedModel,
  getLoggedModel,
  type LoggedModel,
  type ModelMetric,
  writeModelMetrics,
} from "../logged-models/logged-models.ts";
import { type DatasetFilter, searchLoggedModels } from "../logged-models/search-logged-models.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import type { Clause, Entity, Order } from "./clause.ts";
import {
  clause,
  listClause,
  nullClause,
  numberClause,
  ordersBy,
  type Subject,
  textClause,
  words,
} from "./evaluator.support.ts";
import { loggedModelGrammar } from "./grammar.ts";
import { checkSearch, questions } from "./questions.support.ts";

const keys = ["acc", "a.b", "日本"];
const names = ["a", "A", "a_b", "m"];
const statuses = ["READY", "PENDING", "UPLOAD_FAILED"];
const keyValues = fc.uniqueArray(
  fc.record({ key: fc.constantFrom(...keys), value: fc.constantFrom(...words) }),
  { selector: ({ key }) => key, maxLength: 3 },
);
const dataset = fc.record({
  datasetName: fc.constantFrom("d", "e"),
  datasetDigest: fc.constantFrom(undefined, "1", "2"),
});
const point = fc.record({
  key: fc.constantFrom(...keys),
  value: fc.constantFrom(-1, 0, 0.5, 2, Number.NaN),
  timestampMs: fc.nat(3),
  step: fc.nat(2),
  runId: fc.constantFrom("r1", "r2"),
  datasetName: fc.constantFrom(undefined, "d", "e"),
  datasetDigest: fc.constantFrom("1", "2"),
});
const parts = fc.record({
  name: fc.constantFrom(...names),
  modelType: fc.constantFrom(undefined, "x", "X"),
  sourceRunId: fc.constantFrom(undefined, "r1", "r2"),
  params: keyValues,
  tags: keyValues,
  status: fc.constantFrom(...statuses),
  gone: fc.boolean(),
  // One point for a time, step and run: another would be a repetition.
  points: fc.uniqueArray(point, {
    selector: (one) => [one.key, one.timestampMs, one.step, one.runId].join(" "),
    maxLength: 6,
  }),
});
const pairs: readonly Entity[] = ["parameter", "tag"];
const asked = questions(
  fc.oneof(
    textClause(["name", "model_type", "source_run_id"], [...names, "x", "r1"]),
    listClause(["name", "model_type", "source_run_id"], [...names, "x", "r1"]),
    clause("attribute", ["status"], { comparators: ["=", "!="], values: statuses }),
    numberClause(["creation_time", "last_updated_timestamp"], [1_000_000, 1_000_001, 1_000_002, 1_000_004]),
    numberClause(keys, [-1, 0, 0.5, 3], "metric"),
    ...pairs.flatMap((entity) => [textClause(keys, words, entity), nullClause(entity, keys)]),
  ),
  ordersBy([
    ["attribute", "name"],
    ["attribute", "model_type"],
    ["attribute", "creation_time"],
    ["attribute", "last_updated_timestamp"],
    ...keys.map((key) => ["metric", key] as const),
  ]),
);

function toSubject(model: LoggedModel, datasets: readonly DatasetFilter[]): Subject {
  const attributes: Record<string, string | number | undefined> = {
    name: model.name,
    model_id: model.modelId,
    model_type: model.modelType,
    source_run_id: model.sourceRunId,
    status: model.status.replace("LOGGED_MODEL_", ""),
    creation_time: model.createdMs,
    last_updated_timestamp: model.updatedMs,
  };
  const on = (one: ModelMetric) =>
    datasets.length === 0 ||
    datasets.some(
      ({ datasetName, datasetDigest }) =>
        one.datasetName === datasetName && (!datasetDigest || one.datasetDigest === datasetDigest),
    );
  const list = (value: string | number | undefined) => (value === undefined ? [] : [value]);
  return {
    id: model.modelId,
    values: (entity, key) => {
      if (entity === "attribute") return list(attributes[key]);
      const pair = (entity === "tag" ? model.tags : model.params).filter((one) => one.key === key);
      if (entity !== "metric") return pair.map(({ value }) => value);
      return model.metrics
        .filter((one) => (key === "" || one.key === key) && on(one))
        .map(({ value }) => value);
    },
    orderValue: (entity, key) => {
      if (entity === "attribute") return attributes[key];
      const newest = model.metrics.filter((one) => one.key === key).toSorted(newestFirst)[0]?.value;
      // NaN has no place of its own here.
      return Number.isNaN(newest) ? undefined : newest;
    },
  };
}

function newestFirst(a: ModelMetric, b: ModelMetric): number {
  return b.timestampMs - a.timestampMs || b.step - a.step || (a.runId < b.runId ? -1 : 1);
}

test("logged models are found as each by itself says, on the datasets and in the order asked", async () => {
  const many = fc.array(parts, { minLength: 1, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(many, asked, fc.array(dataset, { maxLength: 2 }), async (made, all, datasets) => {
      const { tracking, passMs } = await openTestTracking();
      const { context } = tracking;
      const ids: string[] = [];
      for (const { points, status, gone, ...start } of made) {
        const { modelId } = await createLoggedModel(context, { ...start, experimentId: "0" });
        passMs(1);
        await finalizeLoggedModel(context, modelId, `LOGGED_MODEL_${status}` as LoggedModel["status"]);
        await context.store.write(
          writeModelMetrics(
            points.map((one) => ({
              ...one,
              modelId,
              datasetDigest: one.datasetName === undefined ? undefined : one.datasetDigest,
            })),
          ),
        );
        if (gone) await deleteLoggedModel(context, modelId);
        else ids.push(modelId);
      }
      const models = await Promise.all(ids.map((id) => getLoggedModel(context, id)));
      for (const question of all) {
        for (const on of [[], datasets]) {
          const measured = (clauses: readonly Clause[]) => clauses.some(({ entity }) => entity === "metric");
          const plain = question.clauses.map(([one]) => one);
          const subjects = models.map((model) => toSubject(model, on));
          await checkSearch(question, {
            grammar: loggedModelGrammar,
            // Datasets that no metric is asked of want any point at all.
            subjects:
              on.length === 0 || measured(plain)
                ? subjects
                : subjects.filter((one) => one.values("metric", "").length > 0),
            tail: [order("creation_time", false), order("model_id", true)],
            find: async ({ orderBy: _, ...search }) => {
              const page = await searchLoggedModels(context, {
                ...search,
                experimentIds: ["0"],
                datasets: on,
                orderBy: question.orders.map(({ entity, key, ascending }) => ({
                  fieldName: entity === "metric" ? `metrics.${key}` : key,
                  ascending,
                })),
              });
              return { ...page, items: page.items.map(({ modelId }) => modelId) };
            },
          });
        }
      }
    }),
    { numRuns: 10 },
  );
});

function order(key: string, ascending: boolean): Order {
  return { entity: "attribute", key, ascending };
}
