import fc from "fast-check";
import { expect, test } from "vitest";
import { logDatasets } from "../datasets/log-inputs.ts";
import type { DatasetInput, Run, RunStart } from "../index.ts";
import type { ViewType } from "../runs/run.ts";
import { deleteRun } from "../runs/runs.ts";
import type { Tuning } from "../runs/search-plan.ts";
import { searchRuns } from "../runs/search-runs.ts";
import { onPostgres } from "../store/test-location.support.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import type { Clause, Entity, Order } from "./clause.ts";
import {
  inOrder,
  listClause,
  matches,
  nullClause,
  numberClause,
  ordersBy,
  plainSpelling,
  type Subject,
  spelling,
  textClause,
  words,
  writeClause,
  writeOrder,
} from "./evaluator.support.ts";
import { runGrammar } from "./grammar.ts";
import { parseFilter } from "./parse-filter.ts";
import { parseOrders } from "./parse-order.ts";

const keys = ["acc", "deep/er key", "a.b", "日本"];
const numbers = [-1.5, 0, 1, 2, 1e300, 0.1];
const runs = ["run0", "run1", "run2", "run3"];
const pairs: readonly Entity[] = ["parameter", "tag"];

// Longer than what the indices by value take.
const long = ["a", "b"].map((last) => `it's${"é".repeat(100)}${last}`);

const clause: fc.Arbitrary<Clause> = fc.oneof(
  numberClause(keys, numbers, "metric"),
  ...pairs.flatMap((entity) => [
    textClause(keys, [...words, ...long, "it's%", "it\u{d7ff}%"], entity),
    nullClause(entity, keys),
  ]),
  numberClause(["start_time", "end_time"], [0, 1, 1.5, 2, 3, 1e300]),
  textClause(["status", "run_name", "user_id"], ["RUNNING", "FINISHED", "finished", "ann", "AN_", "%n%"]),
  listClause(["run_id"], runs),
  textClause(["name", "digest", "context"], ["a", "A", "it's"], "dataset"),
  listClause(["name", "digest", "context"], ["a", "A", "it's"], "dataset"),
);
const order = ordersBy([
  ...keys.map((key) => ["metric", key] as const),
  ["parameter", "acc"],
  ["tag", "a.b"],
  ["attribute", "start_time"],
  ["attribute", "end_time"],
  ["attribute", "run_name"],
  ["attribute", "status"],
]);

const keyValues = fc.uniqueArray(
  fc.record({ key: fc.constantFrom(...keys), value: fc.constantFrom(...words, "", ...long) }),
  { selector: ({ key }) => key, maxLength: 4 },
);
const few = fc.constantFrom("a", "A", "it's");
const datasets: fc.Arbitrary<DatasetInput[]> = fc.uniqueArray(
  fc.record({
    name: few,
    digest: few,
    sourceType: fc.constant("local"),
    source: fc.constant("x"),
    schema: fc.constant(undefined),
    profile: fc.constant(undefined),
    tags: fc.array(fc.record({ key: fc.constant("mlflow.data.context"), value: few }), { maxLength: 1 }),
  }),
  { selector: ({ name, digest }) => `${name} ${digest}`, maxLength: 2 },
);
const runParts = fc.record({
  metrics: fc.uniqueArray(
    fc.record({
      key: fc.constantFrom(...keys),
      value: fc.constantFrom(...numbers, Number.NaN),
      step: fc.constant(0),
      timestampMs: fc.constant(0),
    }),
    { selector: ({ key }) => key },
  ),
  params: keyValues,
  tags: keyValues,
  datasets,
  startTime: fc.nat(3),
  endTime: fc.option(fc.nat(3), { nil: undefined }),
  name: fc.constantFrom("ann", "bob", "Ann"),
  userId: fc.constantFrom("ann", ""),
  isElsewhere: fc.boolean(),
  isDeleted: fc.boolean(),
});

function toSubject({ info, metrics, params, tags, datasets: inputs }: Run): Subject {
  const attributes: Record<string, string | number | undefined> = {
    start_time: info.startTime,
    end_time: info.endTime,
    status: info.status,
    run_name: info.name,
    user_id: info.userId,
    run_id: info.runId,
  };
  const of = (list: readonly { key: string; value: string | number }[], key: string) =>
    list.flatMap((pair) => (pair.key === key ? [pair.value] : []));
  return {
    id: info.runId,
    values: (entity, key) => {
      if (entity === "metric") return of(metrics, key);
      if (entity === "tag" || entity === "parameter") return of(entity === "tag" ? tags : params, key);
      if (entity === "dataset") {
        return inputs.flatMap((one) =>
          key === "context" ? of(one.tags, "mlflow.data.context") : [key === "name" ? one.name : one.digest],
        );
      }
      const value = attributes[key];
      return value === undefined ? [] : [value];
    },
  };
}

test("a search finds what the filter says when each run is looked at by itself, in the order asked", async () => {
  const { tracking } = await openTestTracking();
  const { context } = tracking;
  let experiment = 0;
  const given = { runs: fc.array(runParts, { minLength: 1, maxLength: 8 }), order };
  const filters = fc.array(fc.tuple(clause, spelling), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.record(given),
      filters,
      spelling,
      fc.constantFrom<ViewType>("ACTIVE_ONLY", "ALL"),
      async ({ runs: parts, order: orders }, asked, how, viewType) => {
        const experimentIds = [
          await tracking.ensureExperiment(`e${experiment}`),
          await tracking.ensureExperiment(`f${experiment}`),
        ];
        const prefix = `x${experiment++}`;
        const id = (i: number) => `${prefix}run${i}`;
        const starts: RunStart[] = parts.map((part, i) => ({
          ...part,
          runId: id(i),
          experimentId: experimentIds[part.isElsewhere ? 1 : 0] ?? "",
        }));
        await tracking.startRuns(starts);
        await tracking.logBatches(parts.map(({ metrics }, i) => ({ runId: id(i), metrics })));
        for (const [i, part] of parts.entries()) {
          const run = await context.index.get(id(i));
          await logDatasets(context, context.index, { run, datasets: part.datasets });
        }
        await tracking.endRuns(
          parts.flatMap(({ endTime }, i) =>
            endTime === undefined ? [] : [{ runId: id(i), status: "FINISHED" as const, endTime }],
          ),
        );
        for (const [i, { isDeleted }] of parts.entries()) if (isDeleted) await deleteRun(context, id(i));
        const clauses = asked.map(([one]) =>
          one.key === "run_id" && Array.isArray(one.value)
            ? { ...one, value: one.value.map((value) => prefix + value) }
            : one,
        );
        const filter = clauses
          .map((one, i) => writeClause(one, asked[i]?.[1] ?? plainSpelling, runGrammar))
          .join(" AND ");
        const orderBy = orders.map((one) => writeOrder(one, how, runGrammar));
        expect(parseFilter(filter, runGrammar)).toEqual(clauses);
        expect(parseOrders(orderBy, runGrammar)).toEqual(orders);

        const all = await Promise.all(parts.map((_, i) => tracking.getRun(id(i))));
        const expected = all
          .filter(({ info }) => viewType === "ALL" || info.lifecycle === "active")
          .map(toSubject)
          .filter((run) => clauses.every((one) => matches(run, one)))
          .sort(inOrder([...orders, ...(orders.some(byStart) ? [] : [newest]), byId]))
          .map((run) => run.id);
        for (const tuning of tunings) {
          const found: string[] = [];
          let pageToken: string | undefined;
          do {
            const search = { experimentIds, viewType, filter, orderBy, maxResults: 3, pageToken };
            const page = await searchRuns(context, search, tuning);
            found.push(...page.items.map(({ info }) => info.runId));
            pageToken = page.nextPageToken;
          } while (pageToken);
          expect([tuning, found]).toEqual([tuning, expected]);
        }
      },
    ),
    { numRuns: onPostgres ? 80 : 150 },
  );
});

test("each way finds the same by what is no text, or too much of it", async () => {
  const { tracking } = await openTestTracking();
  const experimentIds = [await tracking.ensureExperiment("e")];
  // PostgreSQL takes no NUL.
  const values = ["a", "a\ud800c", "a\\b", "\u{10ffff}x", ...(onPostgres ? [] : ["a\0b"])];
  const starts = values.map((value, i) => ({ runId: `r${i}`, name: "", startTime: i, value }));
  await tracking.startRuns(
    starts.map(({ value, ...run }) => ({
      ...run,
      experimentId: experimentIds[0] ?? "",
      params: [{ key: "p", value }],
    })),
  );
  const list = `run_id IN (${Array.from({ length: 9000 }, () => "'r0'").join(",")})`;
  const patterns = ["a\ud800%", "a\\%", "\u{10ffff}%", ...(onPostgres ? [] : ["a\0b%"])];
  for (const filter of [...patterns.map((pattern) => `params.p LIKE '${pattern}'`), `${list} AND ${list}`]) {
    const found = await Promise.all(
      tunings.map(async (tuning) => {
        const { items } = await searchRuns(tracking.context, { experimentIds, filter }, tuning);
        return items.map(({ info }) => info.runId).join();
      }),
    );
    expect(found[0]).toMatch(/^r/);
    expect(found).toEqual(tunings.map(() => found[0]));
  }
});

/** As the runs of a test are few, ways that pay with many are asked for. */
const tunings: readonly Tuning[] = [
  {},
  { way: "early", looks: 1e6 },
  { way: "early", looks: 2, ties: 1 },
  { way: "early", looks: 1e6, ties: 1 },
  { way: "early", looks: 1e6, ties: 1, newest: 2 },
  { way: "gather" },
  { way: "floating" },
];
const newest: Order = { entity: "attribute", key: "start_time", ascending: false };
const byId: Order = { entity: "attribute", key: "run_id", ascending: true };
const byStart = ({ key }: Order) => key === "start_time";
