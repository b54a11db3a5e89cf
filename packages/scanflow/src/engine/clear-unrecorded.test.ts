import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { heard, named, openTestEngine, planOf, temporaryFolder } from "./engine.test.support.ts";
import { stateFolder } from "./state-folder.ts";

async function fill(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "half of wh");
}

/** A process as a function step leaves it behind that was killed with its owner. */
function leftBehind(token: string): { readonly ended: Promise<NodeJS.Signals | null> } {
  const child = spawn("sleep", ["60"], { env: { ...process.env, SCANFLOW_TOKEN: token }, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { ended: new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal))) };
}

test("what a step left whose start was not on record is gone before the same attempt begins again", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const state = stateFolder(folder.path);
  const before = await openTestEngine(folder.path);
  await writeFile(join(folder.path, "x.txt"), "whole");
  const nodes = {
    ask: { kind: "approval", message: "?" },
    next: { run: "cat {{inputs.x}}", inputs: { x: { file: "x.txt" } }, after: ["ask"] },
  };
  const run = await before.engine.start(planOf(nodes));
  expect(await run.rest()).toBe("waiting");
  await before.close();
  await fill(join(state.workdir(run.id, "next", 1), "inputs/x.txt"));
  await fill(state.log(run.id, "next", 1));
  const child = leftBehind(`0123456789ab-${run.id}-1-1`);
  const stranger = leftBehind(`0123456789ab-another-1-1`);

  const { engine, close } = await openTestEngine(folder.path);
  onTestFinished(close);
  const again = await engine.resume(run.id);
  expect(await child.ended).toBe("SIGTERM");
  again.send({ kind: "decide", task: "ask", approved: true, by: "me", comment: "" });
  await heard(again, "run-finished");
  await again.rest();
  expect(again.status).toBe("succeeded");
  expect(named(await engine.journal.events(run.id), "attempt-succeeded")).toMatchObject([{ attempt: 1 }]);
  expect(await readFile(state.log(run.id, "next", 1), "utf8")).toBe("whole\n");
  expect(await Promise.race([stranger.ended, "it runs"])).toBe("it runs");
});

test("what is left of runs that ended or were never on record is gone with the next owner, and nothing else", async () => {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  const state = stateFolder(folder.path);
  const before = await openTestEngine(folder.path);
  const [done] = await before.run(planOf({ a: { run: "true" } }));
  const [failed] = await before.run(planOf({ a: { run: "false" } }));
  const waiting = await before.engine.start(planOf({ ask: { kind: "approval", message: "?" } }));
  await waiting.rest();
  await before.close();
  const runs = [done?.run ?? "", failed?.run ?? "", waiting.id, "never"];
  for (const run of runs) {
    for (const of of [state.work, state.checkpoints, state.logs]) await fill(join(of(run), "left"));
  }
  const child = leftBehind("0123456789ab-never-0-1");

  const { close } = await openTestEngine(folder.path);
  onTestFinished(close);
  const stays = (of: (run: string) => string) => runs.map((run) => existsSync(of(run)));
  expect(stays(state.work)).toEqual([false, false, true, false]);
  expect(stays(state.checkpoints)).toEqual([false, true, true, false]);
  expect(stays(state.logs)).toEqual([true, true, true, false]);
  expect(await child.ended).toBe("SIGTERM");
});
