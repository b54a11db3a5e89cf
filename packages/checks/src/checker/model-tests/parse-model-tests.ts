import { readRoles } from "../../answers/read-roles.ts";
import type { JsonObject, JsonValue } from "../../json/json.ts";
import { createJsonReader } from "../../json/json-reader.ts";
import { ALL_METRICS } from "../../performance/checker/performance-settings.ts";
import { checkerParams } from "../checker-params.ts";
import type {
  InvarianceTest,
  LatencyTest,
  MetricTest,
  ModelTest,
  ModelTests,
  RowCondition,
} from "./model-test.ts";

const ACTION =
  'Write {"label", "prediction", "tests": [{"name", "metric", "min"}]}: see the guide "Gate a model".';
const read = createJsonReader("SCANFLOW_MODEL_TESTS_INVALID", "The model tests", ACTION);

const KEYS: Readonly<Record<ModelTest["kind"], readonly string[]>> = {
  metric: ["name", "metric", "min", "max", "where", "minimumSample", "confident"],
  invariance: ["name", "invariance", "max", "rows", "tolerance"],
  latency: ["name", "latency", "p95Ms"],
};

/**
 * Reads a file of model tests.
 *
 * @throws ChecksError SCANFLOW_MODEL_TESTS_INVALID naming the field; SCANFLOW_CHECK_OPTION_INVALID of a role
 */
export function parseModelTests(given: unknown): ModelTests {
  const document = read.document(given);
  const { tests, predictor, ...others } = document;
  const list = read.list(tests, "tests").map((test, at) => parseTest(read.object(test, `tests[${at}]`), at));
  if (list.length === 0) read.fail("tests", tests, "at least one test");
  const names = list.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) read.fail("tests", twice, "names that differ: it is there twice");
  const params = checkerParams({ name: "model-tests", params: others }, ACTION);
  const roles = readRoles(params);
  params.refuseOthers();
  return {
    roles,
    predictor: predictor === undefined ? null : read.text(predictor, "predictor"),
    tests: list,
  };
}

function parseTest(test: JsonObject, at: number): ModelTest {
  const path = `tests[${at}]`;
  const kinds = (["metric", "invariance", "latency"] as const).filter((kind) => test[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    return read.fail(path, test, "one with exactly one of metric, invariance and latency");
  }
  needKeys(test, path, KEYS[kind]);
  if (kind === "metric") return metricTest(test, path);
  return kind === "invariance" ? invarianceTest(test, path) : latencyTest(test, path);
}

/** A misspelt key would quietly test something else. */
function needKeys(given: JsonObject, path: string, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) read.fail(`${path}.${unknown}`, given[unknown], `one of ${known.join(", ")}`);
}

function metricTest(test: JsonObject, path: string): MetricTest {
  const metric = read.oneOf(ALL_METRICS, test.metric, `${path}.metric`);
  const limit = (name: "min" | "max") =>
    test[name] === undefined ? null : read.finite(test[name], `${path}.${name}`);
  const [min, max] = [limit("min"), limit("max")];
  if (min === null && max === null) read.fail(`${path}.min`, undefined, "a limit: give min, max or both");
  const where = Object.entries(read.object(test.where ?? {}, `${path}.where`));
  const slice = where.map(([column, value]) => `${column} ${JSON.stringify(value)}`).join(", ");
  return {
    kind: "metric",
    name: nameOf(test, path, slice === "" ? metric : `${metric} where ${slice}`),
    metric,
    min,
    max,
    where: where.map(([column, value]) => conditionOf(column, value, `${path}.where.${column}`)),
    minimumSample: read.whole(test.minimumSample ?? 30, `${path}.minimumSample`),
    confident: read.boolean(test.confident ?? false, `${path}.confident`),
  };
}

function conditionOf(column: string, value: JsonValue, path: string): RowCondition {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    needKeys(value as JsonObject, path, ["from", "to"]);
    const { from, to } = value as JsonObject;
    if (from === undefined && to === undefined) read.fail(path, value, "a range: give from, to or both");
    return {
      column,
      from: from === undefined ? Number.NEGATIVE_INFINITY : read.finite(from, `${path}.from`),
      to: to === undefined ? Number.POSITIVE_INFINITY : read.finite(to, `${path}.to`),
    };
  }
  const values = Array.isArray(value) ? value : [value];
  return { column, texts: values.map((one) => (one === null ? null : String(one))) };
}

function invarianceTest(test: JsonObject, path: string): InvarianceTest {
  const change = read.object(test.invariance, `${path}.invariance`);
  needKeys(change, `${path}.invariance`, ["column", "to", "add"]);
  const column = read.text(change.column, `${path}.invariance.column`);
  const shared = {
    kind: "invariance",
    name: nameOf(test, path, `invariance to ${column}`),
    column,
    max: read.finite(test.max ?? 0, `${path}.max`),
    rows: read.whole(test.rows ?? 1_000, `${path}.rows`),
    tolerance: read.finite(test.tolerance ?? 1e-9, `${path}.tolerance`),
  } as const;
  if (change.add !== undefined) {
    return { ...shared, change: { add: read.finite(change.add, `${path}.invariance.add`) } };
  }
  const to = read.list(change.to, `${path}.invariance.to`).map((value) => {
    if (typeof value === "string" || typeof value === "number") return value;
    return read.fail(`${path}.invariance.to`, value, "a list of texts or numbers");
  });
  if (to.length === 0) read.fail(`${path}.invariance.to`, change.to, "at least one value");
  return { ...shared, change: { to } };
}

function latencyTest(test: JsonObject, path: string): LatencyTest {
  const latency = read.object(test.latency, `${path}.latency`);
  needKeys(latency, `${path}.latency`, ["rows", "times"]);
  const { rows = 1, times = 20 } = latency;
  return {
    kind: "latency",
    name: nameOf(test, path, `latency of ${rows} rows`),
    rows: Math.max(1, read.whole(rows, `${path}.latency.rows`)),
    times: Math.max(1, read.whole(times, `${path}.latency.times`)),
    p95Ms: read.finite(test.p95Ms, `${path}.p95Ms`),
  };
}

function nameOf({ name }: JsonObject, path: string, otherwise: string): string {
  return name === undefined ? otherwise : read.text(name, `${path}.name`);
}
