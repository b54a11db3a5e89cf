import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "@scanflow/core";
import { expect, test } from "vitest";
import { collectGarbage } from "./collect-garbage.ts";
import {
  contents,
  openTestRooms,
  plansOf,
  type TestRooms,
  temporaryFolder,
  uniqueWord,
} from "./upkeep.test.support.ts";
import { wipe } from "./wipe.ts";

const now = () => Date.now();

interface Marked {
  readonly name: string;
  readonly plan: Plan;
  /** Words that stand in nothing but what is kept of this workflow. */
  readonly words: readonly string[];
}

/** A workflow that leaves unmistakable words everywhere: names, params, results, outputs, logs, models, tags. */
function marked(own: Record<string, unknown> = {}): Marked {
  const [name, task, log, result, content, model, param] = Array.from({ length: 7 }, uniqueWord) as [
    string,
    ...string[],
  ];
  const train = {
    run: [
      `echo ${log}`,
      `echo '{"k": "${result}"}' > "$SCANFLOW_RESULT_FILE"`,
      `mkdir {{outputs.model}} && echo ${content} $SCANFLOW_PARAM_P > {{outputs.model}}/weights`,
    ].join("; "),
    params: { p: { expression: "params.p" } },
    outputs: { model: { type: "folder", register: model } },
  };
  const twice = {
    run: "cat {{inputs.model}}/weights {{inputs.model}}/weights > {{outputs.twice}}",
    inputs: { model: `${task}.model` },
    outputs: ["twice"],
  };
  const nodes = { [task as string]: train, twice, ...own };
  const { [name]: plan } = plansOf({ [name]: { params: { p: param }, nodes } });
  if (!plan) throw new Error("no plan");
  return { name, plan, words: [name, task, log, result, content, model, param].map(String) };
}

/** Which of the words stand anywhere in the files, and where. */
async function found(rooms: TestRooms, words: readonly string[]): Promise<string[]> {
  const hits: string[] = [];
  for (const [path, bytes] of await contents(rooms.folder.path)) {
    for (const word of words)
      if (bytes.includes(word) || path.includes(word)) hits.push(`${word} in ${path}`);
  }
  return hits;
}

/** Everything that is kept of a workflow's runs: rows, artifacts, logs. */
async function keptOf(rooms: TestRooms, name: string): Promise<unknown> {
  const runs = (await rooms.engine.journal.runs()).filter(({ workflow }) => workflow === name);
  const ids = JSON.stringify(runs.map(({ run }) => run));
  const rows = (sql: string) => rooms.store.read(sql, sql.includes("?") ? [ids] : []);
  const among = "(SELECT value FROM json_each(?))";
  const tracked = `r.id IN (SELECT run FROM tracking_tags WHERE key = 'scanflow.run' AND value IN ${among})`;
  const logs = (await contents(join(rooms.folder.path, "logs"))).entries();
  const outputs: unknown[] = [];
  for (const { run } of runs) {
    for (const event of await rooms.events(run)) {
      if (event.event !== "attempt-succeeded") continue;
      for (const digest of Object.values(event.outputs)) outputs.push(await rooms.artifacts.verify(digest));
    }
  }
  return {
    runs,
    outputs,
    logs: [...logs]
      .filter(([path]) => runs.some(({ run }) => path.includes(run)))
      .map(([, bytes]) => String(bytes)),
    events: await rows(`SELECT * FROM events WHERE run IN ${among} ORDER BY seq`),
    attempts: await rows(`SELECT * FROM attempts WHERE run IN ${among} ORDER BY task`),
    cache: await rows(`SELECT * FROM cache WHERE run IN ${among} ORDER BY key`),
    offsets: await rows(`SELECT * FROM offsets WHERE substr(consumer, 9) IN ${among}`),
    plans: await rows(`SELECT * FROM plans WHERE digest IN (SELECT plan FROM runs WHERE run IN ${among})`),
    tracker: await rows(`SELECT r.* FROM tracking_runs r WHERE ${tracked} ORDER BY id`),
    params: await rows(
      `SELECT p.* FROM tracking_params p JOIN tracking_runs r ON r.id = p.run WHERE ${tracked}`,
    ),
    tags: await rows(`SELECT t.* FROM tracking_tags t JOIN tracking_runs r ON r.id = t.run WHERE ${tracked}`),
    metrics: await rows(
      `SELECT m.* FROM tracking_metrics m JOIN tracking_runs r ON r.id = m.run WHERE ${tracked}`,
    ),
    versions: await rows(
      `SELECT v.* FROM tracking_versions v JOIN tracking_runs r ON r.run_id = v.run_id WHERE ${tracked}`,
    ),
    files: await rows(
      `SELECT a.* FROM tracking_artifacts a JOIN tracking_runs r
         ON a.path LIKE substr(r.artifact_uri, 19) || '/%' WHERE ${tracked}`,
    ),
  };
}

test("a wiped workflow leaves no byte, and its neighbour is as it was", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const [doomed, neighbour] = [marked(), marked()];
  await rooms.run(neighbour.plan);
  await rooms.run(doomed.plan);
  await rooms.run(doomed.plan);
  const [seen] = (await rooms.engine.journal.runs()).filter(({ workflow }) => workflow === doomed.name);
  const words = [...doomed.words, String(seen?.run)];
  for (const word of words) expect(await found(rooms, [word]), word).not.toEqual([]);
  const before = await keptOf(rooms, neighbour.name);
  const announced = await wipe(rooms, { workflow: doomed.name, dryRun: true, now: now() });
  expect(announced).toMatchObject({ workflow: doomed.name, runs: 2 });
  expect(announced.folders.bytes).toBeGreaterThan(0);
  expect(announced.modelVersions).toEqual({ [doomed.words[5] ?? ""]: 1 });
  for (const word of words) expect(await found(rooms, [word]), word).not.toEqual([]);
  expect(await wipe(rooms, { workflow: doomed.name, now: now() })).toEqual(announced);
  expect(await found(rooms, words)).toEqual([]);
  expect(await keptOf(rooms, neighbour.name)).toEqual(before);
  await expect(wipe(rooms, { workflow: doomed.name, now: now() })).rejects.toMatchObject({
    code: "SCANFLOW_WORKFLOW_UNKNOWN",
  });
  await rooms.run(doomed.plan);
});

test("a neighbour that took its result from the cache of the wiped one keeps it, and stays cached", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const shared = { run: "echo the same > {{outputs.x}}", outputs: ["x"] };
  const { a, b } = plansOf({ a: { nodes: { same: shared } }, b: { nodes: { same: shared } } });
  if (!a || !b) throw new Error("no plans");
  const first = await rooms.run(a);
  const second = await rooms.run(b);
  await wipe(rooms, { workflow: "a", now: now() });
  const [cached] = (await rooms.events(second)).filter((event) => event.event === "task-cached");
  if (cached?.event !== "task-cached") throw new Error("not cached");
  await rooms.artifacts.verify(cached.outputs.x ?? "");
  expect(await rooms.store.read("SELECT run, task, attempt FROM cache")).toEqual([
    { run: second, task: "same", attempt: 0 },
  ]);
  const third = await rooms.run(b);
  expect((await rooms.events(third)).map(({ event }) => event)).toContain("task-cached");
  expect(await rooms.store.read("SELECT run FROM runs WHERE run = ?", [first])).toEqual([]);
});

test("a tracker of its own goes with the workflow; one that it shares loses its bytes and stays", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const own = marked({ mine: { kind: "tracker" } });
  const [one, other] = [marked({ ours: { kind: "tracker" } }), marked({ ours: { kind: "tracker" } })];
  for (const { plan } of [own, one, other]) await rooms.run(plan);
  const trackers = async () =>
    [...(await contents(rooms.folder.trackers)).keys()].filter((path) => path.endsWith(".db"));
  expect(await trackers()).toHaveLength(2);
  await wipe(rooms, { workflow: own.name, now: now() });
  expect(await found(rooms, own.words)).toEqual([]);
  expect(await trackers()).toEqual([join(rooms.folder.trackers, "ours.db")]);
  await wipe(rooms, { workflow: one.name, now: now() });
  expect(await found(rooms, one.words)).toEqual([]);
  for (const word of other.words) expect(await found(rooms, [word]), word).not.toEqual([]);
});

test("wiping the application leaves no byte of any workflow, nor of what was logged by hand", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const all = [marked(), marked({ mine: { kind: "tracker" } })];
  for (const { plan } of all) await rooms.run(plan);
  const word = uniqueWord();
  await rooms.trackers.borrow("", async (tracking) => {
    const experimentId = await tracking.ensureExperiment(word);
    await tracking.startRuns([{ runId: "by-hand", experimentId, name: word, startTime: 0 }]);
  });
  expect(await wipe(rooms, { workflow: null, now: now() })).toMatchObject({ workflow: null, runs: 2 });
  expect(await found(rooms, [word, ...all.flatMap(({ words }) => words)])).toEqual([]);
  expect(await rooms.engine.journal.runs()).toEqual([]);
  await rooms.run(all[0]?.plan ?? marked().plan);
});

test("a workflow whose run is active is not wiped, but its idle neighbour is", async () => {
  const rooms = await openTestRooms(await temporaryFolder());
  const idle = marked();
  await rooms.run(idle.plan);
  const busy = marked({ ask: { kind: "approval", message: "?" } });
  const run = await rooms.engine.start(busy.plan);
  expect(await run.rest()).toBe("waiting");
  for (const workflow of [busy.name, null]) {
    await expect(wipe(rooms, { workflow, now: now() })).rejects.toMatchObject({
      code: "SCANFLOW_RUN_ACTIVE",
    });
  }
  await wipe(rooms, { workflow: idle.name, now: now() });
  expect(await found(rooms, idle.words)).toEqual([]);
  run.send({ kind: "decide", task: "ask", approved: true, by: "ada", comment: "" });
  expect(await run.rest()).toBe("finished");
  expect(run.status).toBe("succeeded");
});

test("a process that ends after the rows are gone leaves only what the next collection takes", async () => {
  const root = await temporaryFolder();
  const rooms = await openTestRooms(root);
  const doomed = marked();
  await rooms.run(doomed.plan);
  await rooms.close();
  const script = new URL("./wipe-and-die.test.support.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=source", script, root, doomed.name], {
    stdio: "inherit",
  });
  const [, signal] = await once(child, "exit");
  expect(signal).toBe("SIGKILL");
  const after = await openTestRooms(root);
  expect(await after.engine.journal.runs()).toEqual([]);
  const words = doomed.words.filter((word) => word !== doomed.name);
  expect(await found(after, words)).not.toEqual([]);
  const taken = await collectGarbage(after, { graceMs: 0, now: now() + 1000 });
  expect(taken.artifacts.files).toBeGreaterThan(0);
  expect(taken.logs.folders).toBe(1);
  await after.store.compact();
  expect(await found(after, doomed.words)).toEqual([]);
  await rm(root, { recursive: true });
});
