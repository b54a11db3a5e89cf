import { expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import type { CheckContext } from "../checker/checker.ts";
import { datasetOf } from "../checker/dataset-of.ts";
import type { JsonObject } from "../json/json.ts";
import { createRandom } from "../random/random.ts";
import { parseVerdict } from "../verdict/parse-verdict.ts";
import { integrityChecker } from "./integrity-checker.ts";

const rows = Array.from({ length: 300 }, (_, row) => row);
const reference = datasetOf("before", batchOf({ age: rows.map((row) => row % 60) }));
const window = datasetOf("now", batchOf({ age: rows.map((row) => (row === 3 ? -5_000 : row % 60)) }));

function context(params: JsonObject): CheckContext {
  const signal = { aborted: false, throwIfAborted: () => undefined };
  return { name: "integrity", params, random: (stream) => createRandom(1, stream), signal };
}

test("rules come from the schema, or else from the reference", async () => {
  expect(await integrityChecker(window, reference, context({}))).toMatchObject({
    status: "alarm",
    columns: ["age"],
  });
  const schema = { format: "scanflow-schema", version: 1, columns: { age: { type: "integer" } } };
  expect(await integrityChecker(window, null, context({ schema }))).toMatchObject({ status: "ok" });
  const none = await integrityChecker(window, null, context({}));
  expect(none.status).toBe("invalid");
  expect(none.message).toMatch(/give a schema, or a reference/);
});

test("its answer is plain JSON", async () => {
  const verdict = await integrityChecker(window, reference, context({}));
  expect(parseVerdict(JSON.stringify(verdict))).toMatchObject({
    status: "alarm",
    evidence: verdict.evidence,
  });
});

test.each([{ scheme: 1 }, { label: 5 }])("params %j are refused", async (params) => {
  await expect(integrityChecker(window, reference, context(params))).rejects.toMatchObject({
    code: "SCANFLOW_CHECK_OPTION_INVALID",
  });
});
