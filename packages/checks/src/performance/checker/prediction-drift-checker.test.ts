import { expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf, datasetOfProfile } from "../../checker/dataset-of.ts";
import { createRandom } from "../../random/random.ts";
import { answered } from "../performance.support.ts";
import { predictionDriftChecker } from "./prediction-drift-checker.ts";

const random = createRandom(12);
const reference = datasetOf("march", answered(random, 2_000));
const context = checkContext("answers", { params: { prediction: "said", probabilities: "p" } });

test("answers as before are ok, whatever the labels do", async () => {
  const window = datasetOf("april", answered(random, 1_000, { truth: () => 0.1 }));
  const verdict = await predictionDriftChecker(window, reference, context);
  expect(verdict).toMatchObject({ status: "ok", kind: "drift", columns: [] });
  expect(Object.keys(verdict.evidence).sort()).toEqual(["p", "said"]);
});

test("other answers are an alarm in classes and in probabilities", async () => {
  const verdict = await predictionDriftChecker(
    datasetOf("april", answered(random, 1_000, { shift: 1 })),
    reference,
    context,
  );
  expect(verdict.status).toBe("alarm");
  expect([...verdict.columns].sort()).toEqual(["p", "said"]);
});

test("what cannot be judged says what to do", async () => {
  expect((await predictionDriftChecker(reference, null, context)).message).toMatch(/give answers of a time/);
  const other = datasetOf("other", batchOf({ x: [1, 2] }));
  expect((await predictionDriftChecker(reference, other, context)).message).toMatch(/is not in other: name/);
  const empty = async () => predictionDriftChecker(reference, reference, checkContext("answers"));
  await expect(empty()).rejects.toThrow(/"prediction" is missing, not a column/);
});

test("a reference of which a profile was kept is compared by all its rows, not by their sample", async () => {
  const profile = await datasetOf("march", answered(random, 2_000), { seed: 1, sampleSize: 100 }).profile();
  const kept = datasetOfProfile("march", profile);
  const same = await predictionDriftChecker(datasetOf("april", answered(random, 1_000)), kept, context);
  expect(same.status).toBe("ok");
  expect(Object.keys(same.evidence).sort()).toEqual(["p", "said"]);
  expect(same.evidence.p).toMatchObject({ referenceCount: 2_000 });
  const other = datasetOf("april", answered(random, 1_000, { shift: 1 }));
  expect((await predictionDriftChecker(other, kept, context)).status).toBe("alarm");
});
