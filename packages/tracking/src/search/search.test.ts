import fc from "fast-check";
import { expect, test } from "vitest";
import { searchRuns } from "../runs/search-runs.ts";
import { openTestTracking } from "../test-tracking.support.ts";
import { runGrammar } from "./grammar.ts";
import { parseFilter } from "./parse-filter.ts";

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
