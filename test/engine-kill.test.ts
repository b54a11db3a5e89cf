import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { RunEvent } from "@scanflow/core";
import { Scheduler } from "scanflow/engine";
import { afterAll, describe, expect, test } from "vitest";
import { killPlan, writeKillApplication } from "./engine-kill/workflow.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newApplication(): string {
  const root = mkdtempSync(join(tmpdir(), "scanflow-kill-"));
  folders.push(root);
  writeKillApplication(root);
  return root;
}

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly output: string;
}

function owner(root: string, mode: "start" | "resume" | "look", where: string): Promise<Ended> {
  const script = join(import.meta.dirname, "engine-kill/owner.ts");
  const child = spawn(process.execPath, ["--conditions=source", script, root, mode, where], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  child.stderr.on("data", (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, output }));
  });
}

/** The stored events, read past the owner. */
function storedEvents(root: string): RunEvent[] {
  const database = new DatabaseSync(join(root, ".scanflow/scanflow.db"), { readOnly: true });
  try {
    const rows = database.prepare("SELECT seq, run, time, event, data FROM events ORDER BY seq").all();
    return rows.map(({ data, ...rest }) => ({ ...rest, ...JSON.parse(String(data)) }) as RunEvent);
  } catch {
    return [];
  } finally {
    database.close();
  }
}

function finished(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.event === "attempt-succeeded" || event.event === "task-cached" ? [event.task] : [],
  );
}

/** Output digests of all tasks. */
function artifacts(events: readonly RunEvent[]): Record<string, unknown> {
  return Object.fromEntries(
    events.flatMap((event) => (event.event === "attempt-succeeded" ? [[event.task, event.outputs]] : [])),
  );
}

const MARKED = /^(chain|fan|each|collect|inner-|flaky|hopeless|beside|left|join|last)/;

function effects(root: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of readFileSync(join(root, "effects"), "utf8").trim().split("\n")) {
    expect(line).toMatch(MARKED);
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

/** Processes of this application that still run: their working directory is its folder. */
function leftovers(root: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, "latin1").includes(root);
      } catch {
        return false;
      }
    });
}

const EFFECT: Record<string, string> = {
  "inner/a": "inner-a",
  "inner/b": "inner-b",
  "each[0]": "each3",
  "each[1]": "each1",
  "each[2]": "each2",
};

let reference: Promise<{ events: RunEvent[]; artifacts: Record<string, unknown> }> | undefined;

/** The same application, run to its end undisturbed. */
function undisturbed() {
  reference ??= (async () => {
    const root = newApplication();
    const { output } = await owner(root, "start", "never");
    const events = storedEvents(root);
    expect(output).toContain('"status":"succeeded"');
    return { events, artifacts: artifacts(events) };
  })();
  return reference;
}

/** Kills an owner at a place, resumes, and holds the result against the undisturbed run. */
async function killAndResume(where: string): Promise<void> {
  const whole = await undisturbed();
  const root = newApplication();
  const killed = await owner(root, "start", where);
  expect(killed.signal, killed.output).toBe("SIGKILL");
  const before = storedEvents(root);
  const counted = before.length === 0 ? new Map<string, number>() : effectsSoFar(root);
  const resumed = await owner(root, "resume", "never");
  const events = storedEvents(root);
  expect(resumed.output, `killed at ${where}\n${failuresOf(events)}`).toContain('"status":"succeeded"');

  expect(artifacts(events)).toEqual(whole.artifacts);
  const all = effects(root);
  for (const task of finished(whole.events)) {
    const name = EFFECT[task] ?? task;
    expect(all.get(name) ?? 0, `effect of ${task}`).toBeGreaterThan(0);
  }
  for (const task of finished(before)) {
    const name = EFFECT[task] ?? task;
    expect(all.get(name), `${task} had finished and is not run again`).toBe(counted.get(name));
  }
  const last = events.at(-1);
  expect(last?.event).toBe("run-finished");
  const replayed = new Scheduler(killPlan(), last?.run ?? "");
  replayed.replay(events);
  expect(replayed.state.tasks.filter(({ status }) => status === "running" || status === "pending")).toEqual(
    [],
  );
  expect(leftovers(root)).toEqual([]);
  expect(files(root, "work"), `killed at ${where}`).toEqual([]);
  expect(files(root, "checkpoints")).toEqual([]);
  const begun = events.filter((event) => event.event === "attempt-started");
  expect(new Set(begun.map(({ token }) => token)).size).toBe(begun.length);
  expect(trackerRuns(root)).toEqual(attemptsOf(events));
}

/** What lies in a folder of the state. */
function files(root: string, name: string): string[] {
  const folder = join(root, ".scanflow", name);
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Why a run did not end as it should. */
function failuresOf(events: readonly RunEvent[]): string {
  const failures = events.filter(({ event }) => event.endsWith("-failed") || event === "run-finished");
  return failures.map((event) => JSON.stringify(event)).join("\n");
}

/** Status of each attempt's tracker run, by task and attempt. */
function trackerRuns(root: string): Record<string, unknown> {
  const database = new DatabaseSync(join(root, ".scanflow/scanflow.db"), { readOnly: true });
  const tag = (key: string) => `(SELECT value FROM tracking_tags WHERE run = r.id AND key = '${key}')`;
  const rows = database
    .prepare(
      `SELECT ${tag("scanflow.task")} AS task, ${tag("scanflow.attempt")} AS attempt, status FROM tracking_runs r`,
    )
    .all();
  database.close();
  return Object.fromEntries(
    rows.filter(({ task }) => task !== null).map((row) => [`${row.task} ${row.attempt}`, row.status]),
  );
}

function attemptsOf(events: readonly RunEvent[]): Record<string, unknown> {
  return Object.fromEntries(
    events.flatMap((event) => {
      if (event.event === "attempt-succeeded") return [[`${event.task} ${event.attempt}`, "FINISHED"]];
      return event.event === "attempt-failed" ? [[`${event.task} ${event.attempt}`, "FAILED"]] : [];
    }),
  );
}

function effectsSoFar(root: string): Map<string, number> {
  try {
    return effects(root);
  } catch {
    return new Map();
  }
}

/** Fifty places in the journal, drawn without repeats from a seed. */
function places(last: number, count: number, seed: number): number[] {
  const free = Array.from({ length: last }, (_, at) => at + 1);
  let state = seed;
  const drawn: number[] = [];
  while (drawn.length < count && free.length > 0) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    drawn.push(...free.splice(state % free.length, 1));
  }
  return drawn.sort((a, b) => a - b);
}

const KINDS = [
  "task-opened",
  "task-expanded",
  "branch-taken",
  "task-skipped",
  "attempt-started",
  "attempt-succeeded",
  "attempt-failed",
];

describe("an owner that is killed", () => {
  test("at fifty places of the journal: every effect is there, nothing finished runs again, same artifacts", {
    timeout: 900_000,
  }, async () => {
    const { events } = await undisturbed();
    // Not the last: a run whose end is stored has nothing to resume.
    const drawn = places(events.length - 1, 50, 20261121);
    for (let at = 0; at < drawn.length; at += 2) {
      await Promise.all(drawn.slice(at, at + 2).map((place) => killAndResume(`journal:after:${place}`)));
    }
  });

  test.each(KINDS.flatMap((kind) => [[`journal:before:${kind}`], [`journal:after:${kind}`]]))(
    "at %s",
    killAndResume,
  );

  test.each([
    "ledger:before:run-created",
    "ledger:after:run-created",
    "ledger:before:attempt-succeeded",
    "ledger:after:attempt-succeeded",
    "ledger:before:attempt-failed",
    "ledger:after:attempt-failed",
  ])("at %s", killAndResume);

  test("before anything is stored leaves nothing behind", async () => {
    const root = newApplication();
    expect((await owner(root, "start", "journal:before:run-created")).signal).toBe("SIGKILL");
    expect(storedEvents(root)).toEqual([]);
    expect((await owner(root, "start", "never")).output).toContain('"status":"succeeded"');
  });

  test("with a function step begun whose record was lost: what it left is not in the next one's way", async () => {
    const root = newApplication();
    expect((await owner(root, "start", "journal:after:task-opened")).signal).toBe("SIGKILL");
    const run = storedEvents(root)[0]?.run ?? "";
    const left = join(root, ".scanflow/work", run, "chain2.1");
    mkdirSync(join(left, "inputs"), { recursive: true });
    writeFileSync(join(left, "inputs/x"), "half of wh");
    const resumed = await owner(root, "resume", "never");
    expect(resumed.output, failuresOf(storedEvents(root))).toContain('"status":"succeeded"');
    expect(artifacts(storedEvents(root))).toEqual((await undisturbed()).artifacts);
  });

  test("just before the run's end is stored, and just after", async () => {
    await killAndResume("journal:before:run-finished");
    const root = newApplication();
    expect((await owner(root, "start", "journal:after:run-finished")).signal).toBe("SIGKILL");
    const events = storedEvents(root);
    expect(events.at(-1)?.event).toBe("run-finished");
    expect(leftovers(root)).toEqual([]);
    // The next owner brings the tracker up to date, whatever it was opened for.
    await owner(root, "look", "never");
    expect(trackerRuns(root)).toEqual(attemptsOf(events));
    // And removes what was on its way out.
    expect([files(root, "work"), files(root, "checkpoints")]).toEqual([[], []]);
  });
});
