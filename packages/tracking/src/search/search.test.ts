import fc from "fast-check";
import { expect, test } from "vitest";
import type { Run, RunStart } from "../index.ts";
import { defaultTuning } from "../runs/search-plan.ts";
import { searchRuns } from "../runs/search-runs.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import type { Clause, Comparator } from "./clause.ts";
import { runGrammar } from "./grammar.ts";
import { parseFilter } from "./parse-filter.ts";

const keys = ["acc", "deep/er key", "a.b", "日本"];
const words = ["a", "A", "ab", "a_b", "a%b", "*x", "[ab]", "it's", 'say "hi"', "", "ß"];
const numbers = [-1.5, 0, 1, 2, 1e300, 0.1];

/** A comparison, written out as a filter and judged without SQL. */
const clause: fc.Arbitrary<Clause> = fc.oneof(
  fc.record({
    entity: fc.constant("metric" as const),
    key: fc.constantFrom(...keys),
    comparator: fc.constantFrom<Comparator>("=", "!=", "<", "<=", ">", ">="),
    value: fc.constantFrom(...numbers),
  }),
  fc.record({
    entity: fc.constantFrom("parameter" as const, "tag" as const),
    key: fc.constantFrom(...keys),
    comparator: fc.constantFrom<Comparator>("=", "!=", "LIKE", "ILIKE"),
    value: fc.constantFrom(...words, "%", "a%", "_", "%b", "A_%"),
  }),
  fc.record({
    entity: fc.constantFrom("parameter" as const, "tag" as const),
    key: fc.constantFrom(...keys),
    comparator: fc.constantFrom<Comparator>("IS NULL", "IS NOT NULL"),
    value: fc.constant(null),
  }),
  fc.record({
    entity: fc.constant("attribute" as const),
    key: fc.constantFrom("start_time", "end_time"),
    comparator: fc.constantFrom<Comparator>("=", "!=", "<", "<=", ">", ">="),
    value: fc.constantFrom(0, 1, 2, 3),
  }),
  fc.record({
    entity: fc.constant("attribute" as const),
    key: fc.constantFrom("status", "run_name", "user_id"),
    comparator: fc.constantFrom<Comparator>("=", "!=", "LIKE", "ILIKE"),
    value: fc.constantFrom("RUNNING", "FINISHED", "finished", "ann", "AN_", "%n%"),
  }),
  fc.record({
    entity: fc.constant("attribute" as const),
    key: fc.constant("run_id"),
    comparator: fc.constantFrom<Comparator>("IN", "NOT IN"),
    value: fc.uniqueArray(fc.constantFrom("run0", "run1", "run2", "run3"), { minLength: 1 }),
  }),
);

/** Every way of writing a clause that means the same. */
const spelling = fc.record({
  alias: fc.nat(),
  backticks: fc.boolean(),
  doubleQuotes: fc.boolean(),
  lowerCase: fc.boolean(),
  space: fc.constantFrom(" ", "  ", "\n\t"),
});

function write(one: Clause, how: { [K in keyof typeof fake]: (typeof fake)[K] }): string {
  const aliases = Object.entries(runGrammar.entities).filter(([, entity]) => entity === one.entity);
  const [alias] = aliases[how.alias % aliases.length] ?? [];
  const plain = /^[\p{L}\p{N}_.]+$/u.test(one.key);
  const quote = how.backticks ? "`" : '"';
  const key = plain && how.alias % 2 === 0 ? one.key : `${quote}${one.key}${quote}`;
  const name = one.entity === "attribute" && how.alias % 3 === 0 ? key : `${alias}.${key}`;
  const comparator = how.lowerCase ? one.comparator.toLowerCase() : one.comparator;
  const signs = /^[=!<>]+$/.test(comparator);
  const space = signs && how.doubleQuotes ? "" : how.space;
  return [name, comparator, ...literal(one.value, how.doubleQuotes)].join(space);
}

const fake = { alias: 0, backticks: false, doubleQuotes: false, lowerCase: false, space: " " as string };

function literal(value: Clause["value"], doubleQuotes: boolean): string[] {
  const quote = doubleQuotes ? '"' : "'";
  const text = (one: string) => quote + one.replaceAll(quote, quote + quote) + quote;
  if (value === null) return [];
  if (typeof value === "number") return [String(value)];
  return [typeof value === "string" ? text(value) : `(${value.map(text).join(doubleQuotes ? "," : " , ")})`];
}

function matches(run: Run, { entity, key, comparator, value }: Clause): boolean {
  const list = (pairs: readonly { key: string; value: string }[]) => pairs.find((p) => p.key === key)?.value;
  if (entity === "metric") {
    const found = run.metrics.find((metric) => metric.key === key);
    return found !== undefined && holds(found.value, comparator, value);
  }
  const attributes: Record<string, string | number | undefined> = {
    start_time: run.info.startTime,
    end_time: run.info.endTime,
    status: run.info.status,
    run_name: run.info.name,
    user_id: run.info.userId,
    run_id: run.info.runId,
  };
  const found = entity === "attribute" ? attributes[key] : list(entity === "tag" ? run.tags : run.params);
  if (comparator === "IS NULL") return found === undefined;
  if (comparator === "IS NOT NULL") return found !== undefined;
  return found !== undefined && holds(found, comparator, value);
}

function holds(found: string | number, comparator: Comparator, value: Clause["value"]): boolean {
  if (Array.isArray(value)) return value.includes(String(found)) === (comparator === "IN");
  if (typeof value === "string" && (comparator === "LIKE" || comparator === "ILIKE")) {
    const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const source = `^${escaped.replaceAll("%", "[\\s\\S]*").replaceAll("_", "[\\s\\S]")}$`;
    // Only the letters of ASCII have two cases for ILIKE.
    return comparator === "LIKE"
      ? new RegExp(source, "u").test(String(found))
      : new RegExp(source.toLowerCase().replaceAll("\\s\\s", "\\s\\S"), "u").test(
          String(found).toLowerCase(),
        );
  }
  if (comparator === "=") return found === value;
  if (comparator === "!=") return found !== value;
  const [a, b] = [Number(found), Number(value)];
  if (comparator === "<") return a < b;
  if (comparator === "<=") return a <= b;
  return comparator === ">" ? a > b : a >= b;
}

const keyValues = fc.uniqueArray(
  fc.record({ key: fc.constantFrom(...keys), value: fc.constantFrom(...words) }),
  { selector: ({ key }) => key, maxLength: 4 },
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
  startTime: fc.nat(3),
  endTime: fc.option(fc.nat(3), { nil: undefined }),
  name: fc.constantFrom("ann", "bob", "Ann"),
  userId: fc.constantFrom("ann", ""),
});

test("a search finds what the filter says when each run is looked at by itself, in the order asked", async () => {
  const { tracking } = await openTestTracking();
  let experiment = 0;
  const order = fc.record({ key: fc.constantFrom("start", ...keys), ascending: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(runParts, { minLength: 1, maxLength: 8 }),
      fc.array(fc.tuple(clause, spelling), { maxLength: 4 }),
      order,
      async (parts, clauses, by) => {
        const experimentId = await tracking.ensureExperiment(`e${experiment}`);
        const prefix = `x${experiment++}`;
        const id = (i: number) => `${prefix}run${i}`;
        const starts: RunStart[] = parts.map((part, i) => ({ ...part, runId: id(i), experimentId }));
        await tracking.startRuns(starts);
        await tracking.logBatches(parts.map(({ metrics }, i) => ({ runId: id(i), metrics })));
        await tracking.endRuns(
          parts.flatMap(({ endTime }, i) =>
            endTime === undefined ? [] : [{ runId: id(i), status: "FINISHED" as const, endTime }],
          ),
        );
        const named = clauses.map(([one]) =>
          one.key === "run_id" && Array.isArray(one.value)
            ? { ...one, value: one.value.map((value) => prefix + value) }
            : one,
        );
        const filter = named.map((one, i) => write(one, clauses[i]?.[1] ?? fake)).join(" AND ");
        expect(parseFilter(filter, runGrammar)).toEqual(named);

        const all = await Promise.all(parts.map((_, i) => tracking.getRun(id(i))));
        const expected = all.filter((run) => named.every((one) => matches(run, one))).sort(inOrder(by));
        const orderBy = by.key === "start" ? [] : [`metrics.\`${by.key}\` ${by.ascending ? "ASC" : "DESC"}`];
        for (const tuning of [defaultTuning, { manyRuns: 0, manyMatches: 0 }]) {
          const found: string[] = [];
          let pageToken: string | undefined;
          do {
            const asked = { experimentIds: [experimentId], filter, orderBy, maxResults: 3, pageToken };
            const page = await searchRuns(tracking.context, asked, tuning);
            found.push(...page.items.map(({ info }) => info.runId));
            pageToken = page.nextPageToken;
          } while (pageToken);
          expect(found).toEqual(expected.map(({ info }) => info.runId));
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

/** Values first, then NaN, then runs without the metric; ties by start (newest first) and id. */
function inOrder(by: { key: string; ascending: boolean }) {
  const rank = (value: number | undefined) => (value === undefined ? 2 : Number.isNaN(value) ? 1 : 0);
  const value = (run: Run) => run.metrics.find(({ key }) => key === by.key)?.value;
  return (a: Run, b: Run) => {
    const [x, y] = [value(a), value(b)];
    const values = rank(x) === 0 && rank(y) === 0 ? Math.sign((x ?? 0) - (y ?? 0)) : 0;
    return (
      rank(x) - rank(y) ||
      (by.ascending ? values : -values) ||
      (b.info.startTime ?? 0) - (a.info.startTime ?? 0) ||
      (a.info.runId < b.info.runId ? -1 : 1)
    );
  };
}

test("a metric that is NaN differs from every number, also from 0, and compares with none", async () => {
  const { tracking } = await openTestTracking();
  await tracking.startRuns([{ runId: "nan", experimentId: "0", name: "nan", startTime: 1 }]);
  await tracking.logBatch("nan", { metrics: [{ key: "m", value: Number.NaN, step: 0, timestampMs: 0 }] });
  const found = async (comparator: string) => {
    const filter = `metrics.m ${comparator} 0`;
    return (await searchRuns(tracking.context, { experimentIds: ["0"], filter })).items.length;
  };
  expect([await found("!="), await found("="), await found("<="), await found(">=")]).toEqual([1, 0, 0, 0]);
});

test.each([
  ["metrics.acc > '1'", "Expected numeric value type for metric. Found '1'"],
  ["params.a = 1", "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 1"],
  ["cattle.a = 'x'", "Invalid entity type 'cattle'"],
  ["attributes.colour = 'x'", "Invalid attribute key 'colour' specified"],
  ["dataset.colour = 'x'", "Invalid dataset key 'colour' specified"],
  ["metrics.acc LIKE 'a'", "Invalid comparator 'LIKE' not one of"],
  ["metrics.acc IS NULL", "IS NULL / IS NOT NULL is only supported for tags and params"],
  ["status IN ('a')", "does not support comparison with a list"],
  ["run_id IN (1)", "expected string value"],
  ["tags.a = 'x' OR tags.b = 'y'", "Invalid clause(s) in filter string: 'OR tags.b = 'y''"],
  ["tags.a = 'x", "no closing quote"],
  ["tags.a", "Invalid clause(s) in filter string: 'tags.a'"],
  ["= 'x'", "Invalid clause(s)"],
  ["constructor = 'x'", "Invalid attribute key 'constructor'"],
  ["toString.x = 'x'", "Invalid entity type 'toString'"],
])("the filter %s is refused with what is wrong", (filter, message) => {
  expect(() => parseFilter(filter, runGrammar)).toThrow(message);
});

test("whatever text is given as a filter is parsed or refused with a code", () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      "metrics",
      ".",
      "`",
      '"',
      "'",
      " AND ",
      " IN ",
      "(",
      ")",
      ",",
      ">=",
      "1e5",
      "--",
      "\0",
      "a",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
      try {
        parseFilter(fragments.join(""), runGrammar);
      } catch (error) {
        expect(error).toMatchObject({ code: "SCANFLOW_TRACKING_INVALID" });
      }
    }),
    { numRuns: 1000 },
  );
});
