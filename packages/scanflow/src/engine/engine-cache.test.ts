import { mkdir, writeFile } from "node:fs/promises";
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

test("a Node environment is known by its package.json and the lock beside it, and by its Debian packages", async () => {
  const { root, run } = await testEngine();
  const changed = async (environment: object) => {
    const events = await run(planOf({ a: { run: "echo 1 > {{outputs.o}}", environment, outputs: ["o"] } }));
    const [started] = named(events, "attempt-started");
    return started?.miss.changed ?? "cached";
  };
  await mkdir(join(root, "web"));
  const environment = { node: { package: "web/package.json" } };
  await writeFile(join(root, "web/package.json"), "{}");
  expect(await changed(environment)).toEqual([]);
  expect(await changed(environment)).toBe("cached");
  await writeFile(join(root, "web/package-lock.json"), "{}");
  expect(await changed(environment)).toEqual(["environment"]);
  await writeFile(join(root, "web/package.json"), '{ "type": "module" }');
  expect(await changed(environment)).toEqual(["environment"]);
  expect(await changed({ node: { ...environment.node, apt: ["jq"] } })).toEqual(["environment"]);
  const gone = await run(planOf({ a: { run: "true", environment: { node: { package: "none.json" } } } }));
  expect(named(gone, "task-skipped")[0]?.detail).toContain(
    'The environment\'s file "none.json" cannot be read',
  );
});

test("where a task may run does not change what it is", async () => {
  const { run } = await testEngine();
  const placed = (placement: object) =>
    planOf({ a: { run: "echo 1 > {{outputs.o}}", placement, outputs: ["o"] } });
  await run(placed({ labels: { disk: "ssd" } }));
  expect(
    named(await run(placed({ labels: { disk: "hdd" }, serviceAccount: "x" })), "task-cached"),
  ).toHaveLength(1);
});
