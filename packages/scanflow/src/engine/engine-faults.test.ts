import { rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { named, planOf, statuses, testEngine } from "./engine.test.support.ts";

test("a metric name that the tracker refuses fails its task and nothing else", async () => {
  const { root, engine } = await testEngine();
  const step = `export default async (context) => { context.metric("accuracy (%)", 1); return {}; };`;
  await writeFile(join(root, "step.mjs"), step);
  const run = await engine.start(planOf({ step: { run: { module: "step.mjs" } }, other: { run: "true" } }));
  expect(await run.rest()).toBe("finished");
  expect(statuses(run)).toEqual({ step: "failed", other: "succeeded" });
  const error = run.scheduler.taskState("step").error;
  expect(error?.code).toBe("SCANFLOW_TRACKING_INVALID");
  expect(error?.message).toContain("accuracy (%)");
});

test("code that goes while its task is on its way to start fails that task and nothing else", async () => {
  const { root, engine } = await testEngine({
    probe: (point, events) => {
      if (point !== "journal:before") return;
      if (!named(events, "attempt-started").some(({ task }) => task === "a")) return;
      rmSync(join(root, "code"), { recursive: true });
    },
  });
  await mkdir(join(root, "code"));
  await writeFile(join(root, "code/a.sh"), "true");
  const plan = planOf({ a: { run: "sh code/a.sh", code: ["code/*.sh"] }, b: { run: "true" } });
  const run = await engine.start(plan);
  expect(await run.rest()).toBe("finished");
  expect(statuses(run)).toEqual({ a: "failed", b: "succeeded" });
  expect(run.scheduler.taskState("a").error?.code).toBe("SCANFLOW_CODE_MISSING");
});

test.each([".", ".scanflow", ".scanflow/artifacts", "data/.."])(
  'an input that holds or lies in the state folder is refused: "%s"',
  async (file) => {
    const { root, run } = await testEngine();
    await mkdir(join(root, "data"));
    const events = await run(planOf({ a: { run: "ls {{inputs.all}}", inputs: { all: { file } } } }));
    const [skipped] = named(events, "task-skipped");
    expect(skipped).toMatchObject({ status: "failed", reason: "error" });
    expect(skipped?.detail).toMatch(/keeps its own state.*Put the data into a folder of their own/);
  },
);

test("an input whose name only begins like the state folder's is read", async () => {
  const { root, run } = await testEngine();
  await writeFile(join(root, ".scanflow-data"), "x");
  const inputs = { x: { file: ".scanflow-data" } };
  const events = await run(planOf({ a: { run: "cat {{inputs.x}}", inputs } }));
  expect(named(events, "run-finished")[0]?.status).toBe("succeeded");
});
