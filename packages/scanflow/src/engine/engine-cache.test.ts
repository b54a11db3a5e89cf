import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { named, planOf, testEngine } from "./engine.test.support.ts";

test("a checker's gate holds for a cached verdict too", async () => {
  const { run } = await testEngine();
  const verdict = JSON.stringify({ status: "alarm", kind: "drift", message: "far off", evidence: {} });
  const command = ["sh", "-c", `echo '${verdict}' > "$SCANFLOW_OUTPUT_VERDICT"`];
  const checked = (failOn: string) => planOf({ check: { kind: "checker", run: command, failOn } });
  const lenient = await run(checked("never"));
  expect(named(lenient, "run-finished")[0]?.status).toBe("succeeded");
  const strict = await run(checked("alarm"));
  expect(named(strict, "run-finished")[0]?.status).toBe("failed");
  // What it found is kept all the same: that is what one wants to see now.
  expect(named(strict, "attempt-failed")[0]).toMatchObject({
    outputs: { verdict: expect.stringMatching(/^sha256:/) },
    result: { status: "alarm", kind: "drift", message: "far off" },
  });
  expect(named(await run(checked("never")), "task-cached")).toHaveLength(1);
});

test("the extension of an input's file is part of the key", async () => {
  const { root, run } = await testEngine();
  for (const name of ["a.csv", "a.json", "b.csv"]) await writeFile(join(root, name), "1");
  const plan = (file: string) =>
    planOf({ a: { run: "basename {{inputs.d}} > {{outputs.o}}", inputs: { d: { file } }, outputs: ["o"] } });
  await run(plan("a.csv"));
  const other = await run(plan("a.json"));
  expect(named(other, "attempt-started")[0]?.miss).toEqual({ reason: "changed", changed: ["extension: d"] });
  expect(named(await run(plan("b.csv")), "task-cached")).toHaveLength(1);
});
