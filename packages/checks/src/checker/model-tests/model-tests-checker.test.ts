import { expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import { checkContext } from "../check-context.ts";
import { datasetOf } from "../dataset-of.ts";
import { modelTestsChecker } from "./model-tests-checker.ts";

function judge(tests: readonly object[]) {
  const rows = Array.from({ length: 40 }, (_, row) => row);
  const window = datasetOf(
    "holdout",
    batchOf({
      city: rows.map((row) => (row % 2 ? "Bonn" : "Graz")),
      truth: rows.map((row) => (row % 4 === 1 ? "yes" : "no")),
      said: rows.map((row) => (row % 4 === 1 ? "yes" : "no")),
    }),
  );
  const document = { label: "truth", prediction: "said", positive: "yes", tests };
  return modelTestsChecker(
    window,
    null,
    checkContext("model-tests", { params: { tests: document as never } }),
  );
}

test("a figure that has no value on the rows of a test could not be tested, and is no failure of the model", async () => {
  const { status, message } = await judge([
    { name: "Bonn", metric: "recall", where: { city: "Bonn" }, min: 0.9, minimumSample: 10 },
    { name: "Graz", metric: "recall", where: { city: "Graz" }, min: 0.9, minimumSample: 10 },
  ]);
  expect(status).toBe("invalid");
  expect(message).toMatch(/^"Graz" could not be tested: the figure recall has no value on these 20 rows/);
});
