import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Plan } from "@scanflow/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collectGarbage } from "./collect-garbage.ts";
import { openTestRooms, plansOf, type TestRooms, temporaryFolder } from "./upkeep.test.support.ts";

function chain(word: string): Plan {
  const nodes = {
    a: {
      run: `echo at work; mkdir {{outputs.folder}} && echo ${word} > {{outputs.folder}}/x && cat {{inputs.raw}} >> {{outputs.folder}}/x`,
      inputs: { raw: { file: "raw.txt" } },
      outputs: { folder: { type: "folder" } },
    },
    b: { run: "cat {{inputs.x}}/x > {{outputs.y}}", inputs: { x: "a.folder" }, outputs: ["y"] },
  };
  const { w } = plansOf({ w: { nodes } });
  if (!w) throw new Error("no plan");
  return w;
}

/** Later than the grace period after anything that is made here. */
const late = () => Date.now() + 2 * 60 * 60 * 1000;

async function open(): Promise<TestRooms> {
  const root = await temporaryFolder();
  await writeFile(join(root, "raw.txt"), "raw");
  return openTestRooms(root);
}

async function expectWhole(rooms: TestRooms): Promise<void> {
  for (const { run } of await rooms.engine.journal.runs()) {
    for (const event of await rooms.events(run)) {
      if (!("outputs" in event) || event.outputs === undefined) continue;
      for (const digest of Object.values(event.outputs)) await rooms.artifacts.verify(digest);
    }
  }
}

test("what nobody refers to goes when it is old enough, and a dry run says so beforehand", async () => {
  const rooms = await open();
  await rooms.run(chain("one"));
  await rooms.artifacts.put(Readable.from([Buffer.from("nobody's")]));
  expect((await collectGarbage(rooms, { now: Date.now() })).artifacts).toEqual({ files: 0, bytes: 0 });
  const announced = await collectGarbage(rooms, { now: late(), dryRun: true });
  expect(announced.artifacts).toEqual({ files: 1, bytes: 8 });
  expect(await collectGarbage(rooms, { now: late() })).toEqual(announced);
  expect((await collectGarbage(rooms, { now: late() })).artifacts).toEqual({ files: 0, bytes: 0 });
  await expectWhole(rooms);
});

test("the verdict of a checker that failed by it stays as long as its run", async () => {
  const rooms = await open();
  const verdict = JSON.stringify({ status: "alarm", kind: "drift", message: "far off", evidence: {} });
  const run = ["sh", "-c", `echo '${verdict}' > "$SCANFLOW_OUTPUT_VERDICT"`];
  const { w } = plansOf({ w: { nodes: { judge: { kind: "checker", run, failOn: "alarm" } } } });
  if (!w) throw new Error("no plan");
  await rooms.run(w);
  expect((await collectGarbage(rooms, { now: late() })).artifacts).toEqual({ files: 0, bytes: 0 });
  await expectWhole(rooms);
});

test("the parts of an upload stay until it counts as given up", async () => {
  const rooms = await open();
  const { digest } = await rooms.artifacts.put(Readable.from([Buffer.from("a part")]));
  await rooms.store.write([
    {
      sql: "INSERT INTO tracking_uploads (id, path, parts, begun_ms) VALUES ('u', '0/big.bin', 2, ?)",
      params: [Date.now()],
    },
    {
      sql: "INSERT INTO tracking_upload_parts (upload, number, digest) VALUES ('u', 1, ?)",
      params: [digest],
    },
  ]);
  await collectGarbage(rooms, { graceMs: 0, now: late() });
  expect(await rooms.artifacts.has(digest)).toBe(true);
  const nextWeek = Date.now() + 8 * 24 * 60 * 60 * 1000;
  expect((await collectGarbage(rooms, { now: nextWeek })).artifacts).toEqual({ files: 1, bytes: 6 });
  expect(await rooms.store.read("SELECT * FROM tracking_uploads")).toEqual([]);
});

test("dropped runs go with what they alone made, at once; a dry run counts the same and changes nothing", async () => {
  const rooms = await open();
  const first = await rooms.run(chain("one"));
  const second = await rooms.run(chain("two"));
  const announced = await collectGarbage(rooms, { keepRuns: 1, now: Date.now(), dryRun: true });
  expect((await rooms.engine.journal.runs()).map(({ run }) => run)).toEqual([second, first]);
  const done = await collectGarbage(rooms, { keepRuns: 1, now: Date.now() });
  expect(done).toEqual(announced);
  expect(done.runs).toEqual([first]);
  // The folder, and the one file that it and the second output are made of.
  expect(done.artifacts.files).toBe(2);
  expect(done.logs.folders).toBe(1);
  expect(existsSync(rooms.folder.logs(first))).toBe(false);
  expect(existsSync(rooms.folder.logs(second))).toBe(true);
  for (const table of ["runs", "events", "attempts", "cache", "plans"]) {
    const column = table === "plans" ? "digest" : "run";
    const rows = await rooms.store.read(`SELECT DISTINCT ${column} FROM ${table}`);
    expect(rows, table).toHaveLength(1);
  }
  expect(
    await rooms.store.read("SELECT DISTINCT value FROM tracking_tags WHERE key = 'scanflow.run'"),
  ).toEqual([{ value: second }]);
  await expectWhole(rooms);
});

test("a run that took everything from the cache keeps it when the run that made it is dropped", async () => {
  const rooms = await open();
  const first = await rooms.run(chain("one"));
  const second = await rooms.run(chain("one"));
  const parts = "SELECT task, key, parts FROM attempts ORDER BY task";
  const before = await rooms.store.read(parts);
  await collectGarbage(rooms, { runs: [first], graceMs: 0, now: late() });
  expect(await rooms.store.read("SELECT DISTINCT run, attempt FROM cache")).toEqual([
    { run: second, attempt: 0 },
  ]);
  expect(await rooms.store.read(parts)).toEqual(before);
  await expectWhole(rooms);
  const third = await rooms.run(chain("one"));
  const cached = (await rooms.events(third)).filter(({ event }) => event === "task-cached");
  expect(cached).toHaveLength(2);
});

test("a run whose model is registered stays until it is named", async () => {
  const rooms = await open();
  const node = {
    run: "echo $RANDOM > {{outputs.model}}",
    outputs: { model: { register: "digits" } },
    cache: false,
  };
  const { w } = plansOf({ w: { nodes: { train: node } } });
  if (!w) throw new Error("no plan");
  const first = await rooms.run(w);
  await rooms.run(w);
  const spared = await collectGarbage(rooms, { keepRuns: 0, now: Date.now() });
  expect(spared).toMatchObject({ runs: [], artifacts: { files: 0 } });
  expect(spared.keptForModels).toHaveLength(2);
  expect((await collectGarbage(rooms, { runs: [first], now: Date.now() })).runs).toEqual([first]);
  expect(await rooms.store.read("SELECT version FROM tracking_versions")).toEqual([{ version: 2 }]);
});

test("what an active run holds stays, however old it is, and haste is refused", async () => {
  const rooms = await open();
  const first = await rooms.run(chain("one"));
  const { w } = plansOf({
    w: {
      nodes: {
        ask: { kind: "approval", message: "?" },
        after: { run: "true", after: ["ask"] },
        x: chainNode,
      },
    },
  });
  if (!w) throw new Error("no plan");
  const waiting = await rooms.engine.start(w);
  expect(await waiting.rest()).toBe("waiting");
  await expect(collectGarbage(rooms, { graceMs: 0, now: Date.now() })).rejects.toMatchObject({
    code: "SCANFLOW_GC_ACTIVE",
  });
  await expect(collectGarbage(rooms, { runs: [waiting.id], now: Date.now() })).rejects.toMatchObject({
    code: "SCANFLOW_RUN_ACTIVE",
  });
  const done = await collectGarbage(rooms, { keepRuns: 0, now: late() });
  expect(done.runs).toEqual([first]);
  await expectWhole(rooms);
  expect(existsSync(rooms.folder.logs(waiting.id))).toBe(true);
});

const chainNode = {
  run: "echo at work; cat {{inputs.raw}} > {{outputs.y}}",
  inputs: { raw: { file: "raw.txt" } },
  outputs: ["y"],
};

test("what a dropped run made stays if an active run may have made it again and not yet said so", async () => {
  const rooms = await open();
  const { make, wait } = plansOf({
    make: { nodes: { make: { run: "printf same > {{outputs.x}}", outputs: ["x"] } } },
    wait: { nodes: { ask: { kind: "approval", message: "?" } } },
  });
  if (!make || !wait) throw new Error("no plans");
  await rooms.run(make);
  const waiting = await rooms.engine.start(wait);
  await waiting.rest();
  const { digest } = await rooms.artifacts.put(Readable.from([Buffer.from("same")]));
  expect((await collectGarbage(rooms, { keepRuns: 0, now: Date.now() + 1000 })).runs).toHaveLength(1);
  await rooms.artifacts.verify(digest);
  waiting.send({ kind: "cancel", reason: "enough seen" });
  await waiting.rest();
  expect((await collectGarbage(rooms, { graceMs: 0, now: late() })).artifacts.files).toBe(1);
});

test("folders of runs that are gone, working folders that were left and checkpoints of what succeeded go", async () => {
  const rooms = await open();
  const run = await rooms.run(chain("one"));
  const left = [rooms.folder.work(run), rooms.folder.checkpoints(run), rooms.folder.logs("nobody")];
  for (const path of left) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "file"), "12345");
  }
  const { work, checkpoints, logs } = await collectGarbage(rooms, { now: Date.now() });
  expect([work, checkpoints, logs]).toEqual(left.map(() => ({ folders: 1, bytes: 5 })));
  expect(left.map((path) => existsSync(path))).toEqual([false, false, false]);
  expect(existsSync(rooms.folder.logs(run))).toBe(true);
});

test("whatever is dropped, every artifact of every run that stays can be read", async () => {
  const rooms = await open();
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("run" as const), word: fc.constantFrom("a", "b", "c") }),
      fc.record({ kind: fc.constant("keep" as const), keepRuns: fc.nat(3) }),
      fc.record({ kind: fc.constant("drop" as const), nth: fc.nat(4) }),
    ),
    { minLength: 3, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      for (const step of list) {
        if (step.kind === "run") await rooms.run(chain(step.word));
        else if (step.kind === "keep")
          await collectGarbage(rooms, { keepRuns: step.keepRuns, graceMs: 0, now: late() });
        else {
          const row = (await rooms.engine.journal.runs())[step.nth];
          if (row) await collectGarbage(rooms, { runs: [row.run], graceMs: 0, now: late() });
        }
        await expectWhole(rooms);
      }
      await collectGarbage(rooms, { keepRuns: 0, graceMs: 0, now: late() });
      expect((await rooms.artifacts.sweep({ live: [], graceMs: 0, now: late(), dryRun: true })).removed).toBe(
        0,
      );
    }),
    { numRuns: 12 },
  );
});
