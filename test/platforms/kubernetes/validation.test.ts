import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DryRun, hasKubectl, startDryRun } from "./kubectl.ts";
import { hasSchemas, problemsOf } from "./schema.ts";

const job = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "train" },
  spec: {
    backoffLimit: 0,
    template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "scratch" }] } },
  },
};
const misspelled = { ...job, spec: { ...job.spec, backofLimit: 1 } };

describe.skipIf(!hasSchemas)("by the published definitions", () => {
  test("a Job is right", () => {
    expect(problemsOf(job)).toBeUndefined();
  });

  test.each([
    ["a misspelled field", misspelled, /backofLimit/],
    ["a wrong type", { ...job, spec: { ...job.spec, backoffLimit: "0" } }, /backoffLimit must be integer/],
    ["a kind that there is not", { ...job, kind: "Jop" }, /no kind Jop/],
  ])("%s is told", (_, object, expected) => {
    expect(problemsOf(object)).toMatch(expected);
  });
});

describe.skipIf(!hasKubectl)("by kubectl", () => {
  let dryRun: DryRun;
  beforeAll(async () => {
    dryRun = await startDryRun();
  });
  afterAll(() => dryRun.close());

  test("a Job is right", async () => {
    expect(await dryRun.check(JSON.stringify(job))).toBe("job.batch/train created (dry run)\n");
  });

  test("a misspelled field is told", async () => {
    await expect(dryRun.check(JSON.stringify(misspelled))).rejects.toThrow(
      /unknown field "spec.backofLimit"|unknown field/,
    );
  });
});
