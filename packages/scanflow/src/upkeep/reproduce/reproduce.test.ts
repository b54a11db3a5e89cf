import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "@scanflow/core";
import { expect, test } from "vitest";
import { collectGarbage } from "../collect-garbage.ts";
import { openTestRooms, plansOf, type TestRooms, temporaryFolder } from "../upkeep.test.support.ts";
import { type Comparison, compareRuns } from "./compare-runs.ts";
import { reproduceRun } from "./reproduce-run.ts";

const chain = {
  a: {
    run: ["sh", "steps/a.sh"],
    inputs: { raw: { file: "raw.txt" } },
    params: { p: { expression: "params.p" } },
    outputs: ["x"],
  },
  b: {
    run: `echo '{"lines": 2}' > "$SCANFLOW_RESULT_FILE"; cat {{inputs.x}} {{inputs.x}} > {{outputs.y}}`,
    inputs: { x: "a.x" },
    outputs: ["y"],
  },
  c: { run: "mkdir {{outputs.f}}; date +%N > {{outputs.f}}/now", outputs: { f: { type: "folder" } } },
};

function planOf(nodes: Record<string, unknown>): Plan {
  const { w } = plansOf({ w: { params: { p: 1 }, nodes } });
  if (!w) throw new Error("no plan");
  return w;
}

async function open(
  step = 'cat "$SCANFLOW_INPUT_RAW" > "$SCANFLOW_OUTPUT_X"; echo $SCANFLOW_PARAM_P >> "$SCANFLOW_OUTPUT_X"',
): Promise<TestRooms> {
  const root = await temporaryFolder();
  await mkdir(join(root, "steps"));
  await writeFile(join(root, "steps/a.sh"), step);
  await writeFile(join(root, "raw.txt"), "recorded\n");
  return openTestRooms(root);
}

async function reproduced(rooms: TestRooms, original: string): Promise<Comparison> {
  const { run } = await reproduceRun(rooms, original);
  await run.rest();
  return compareRuns(rooms, original, run.id);
}

function verdicts({ tasks }: Comparison) {
  return Object.fromEntries(tasks.map(({ task, equal, cause }) => [task, equal ? "equal" : cause]));
}

test("a run is reproduced from its recorded inputs and params, whatever lies in the folder now", async () => {
  const rooms = await open();
  const { a, b } = chain;
  const original = await rooms.run(planOf({ a, b }), { params: { p: 7 } });
  await writeFile(join(rooms.folder.root, "raw.txt"), "changed\n");
  const comparison = await reproduced(rooms, original);
  expect(comparison).toMatchObject({
    equal: true,
    before: { run: original },
    after: { status: "succeeded" },
  });
  expect(verdicts(comparison)).toEqual({ a: "equal", b: "equal" });
  const events = await rooms.events(comparison.after.run);
  expect(events.filter(({ event }) => event === "attempt-succeeded")).toHaveLength(2);
  expect(events[0]).toMatchObject({
    cause: { kind: "reproduce", run: original },
    params: { p: 7 },
    cache: false,
  });
  expect(await readFile(join(rooms.folder.root, "raw.txt"), "utf8")).toBe("changed\n");
});

test("a task that does not always give the same is told from one whose code changed and those behind it", async () => {
  const rooms = await open();
  const original = await rooms.run(planOf(chain));
  const first = await reproduced(rooms, original);
  expect(verdicts(first)).toEqual({ a: "equal", b: "equal", c: "itself" });
  expect(first.tasks.at(-1)?.differences[0]?.detail).toMatch(
    /^now: (line 1: "\d+" before, "\d+" now|the value: )/,
  );
  await writeFile(join(rooms.folder.root, "steps/a.sh"), 'echo other > "$SCANFLOW_OUTPUT_X"');
  const second = await reproduced(rooms, original);
  expect(second.equal).toBe(false);
  expect(verdicts(second)).toEqual({ a: "code", b: "inputs", c: "itself" });
  expect(second.tasks[0]).toMatchObject({
    changed: ["code: steps/a.sh"],
    differences: [{ what: "output x", detail: 'line 1: "recorded" before, "other" now' }],
  });
});

test("a run that took everything from the cache is reproduced like the run that made it", async () => {
  const rooms = await open();
  const { a, b } = chain;
  const first = await rooms.run(planOf({ a, b }));
  const second = await rooms.run(planOf({ a, b }));
  await collectGarbage(rooms, { runs: [first], graceMs: 0, now: Date.now() + 1000 });
  await rm(join(rooms.folder.root, "raw.txt"));
  expect(await reproduced(rooms, second)).toMatchObject({ equal: true });
});

test("a run goes on reading its recorded inputs after it was interrupted", async () => {
  const rooms = await open();
  const { a, b } = chain;
  const original = await rooms.run(planOf({ a, b }));
  await writeFile(join(rooms.folder.root, "raw.txt"), "changed\n");
  const { run } = await reproduceRun(rooms, original);
  run.send({ kind: "pause" });
  await run.rest();
  const { root } = rooms.folder;
  await rooms.close();
  const later = await openTestRooms(root);
  const resumed = await later.engine.resume(run.id);
  expect(await resumed.rest()).toBe("finished");
  expect(await compareRuns(later, original, run.id)).toMatchObject({ equal: true });
});

test("people's decisions are taken again, and a failure is the same failure", async () => {
  const rooms = await open("exit 3");
  const plan = planOf({ ask: { kind: "approval", message: "?" }, a: { ...chain.a, after: ["ask"] } });
  const original = await rooms.engine.start(plan);
  await original.rest();
  original.send({ kind: "decide", task: "ask", approved: true, by: "ada", comment: "go" });
  await original.rest();
  const { run } = await reproduceRun(rooms, original.id);
  while (run.status === "running" || run.status === "waiting") await run.rest();
  expect(await compareRuns(rooms, original.id, run.id)).toMatchObject({
    equal: true,
    after: { status: "failed" },
  });
  expect(await rooms.events(run.id)).toContainEqual(
    expect.objectContaining({ event: "approval-decided", by: "ada" }),
  );
});

test("nothing is registered by a run that repeats another", async () => {
  const rooms = await open();
  const train = { ...chain.a, outputs: { x: { register: "digits" } } };
  const original = await rooms.run(planOf({ a: train }));
  expect(await reproduced(rooms, original)).toMatchObject({ equal: true });
  expect(await rooms.store.read("SELECT version FROM tracking_versions")).toEqual([{ version: 1 }]);
});

test("a recorded input that is not kept any more is named, and nothing starts", async () => {
  const rooms = await open();
  const original = await rooms.run(planOf({ a: chain.a }));
  await rooms.artifacts.sweep({ live: [], graceMs: 0, now: Date.now() + 1000 });
  await expect(reproduceRun(rooms, original)).rejects.toMatchObject({
    code: "SCANFLOW_REPRODUCE_LOST",
    message: expect.stringContaining('"raw.txt"'),
  });
  expect(await rooms.engine.journal.runs()).toHaveLength(1);
});

test("conditions see the machine of the first run", async () => {
  const rooms = await open();
  const plan = planOf({
    big: { run: "echo big > {{outputs.x}}", when: 'device.kind == "board"', outputs: ["x"] },
    ...{ a: chain.a },
  });
  const { engine } = rooms;
  const device = { kind: "board", cpus: 1, memory: 1, gpus: 0, platform: "linux", arch: "arm" };
  const run = await engine.start(plan, { device });
  await run.rest();
  const comparison = await reproduced(rooms, run.id);
  expect(comparison.equal).toBe(true);
  expect(comparison.tasks[0]).toMatchObject({ task: "big", status: "succeeded" });
});
