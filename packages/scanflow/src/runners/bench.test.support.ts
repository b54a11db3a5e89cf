import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { OutputDefinition } from "@scanflow/core";
import { type ArtifactStore, openArtifactStore } from "@scanflow/tracking/artifacts";
import { onTestFinished } from "vitest";
import { type ProcessRunnerOptions, processRunner } from "./process-runner.ts";
import type { AttemptOutcome, AttemptSpec, LoggedBatch, Runner, RunningAttempt } from "./runner.ts";

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-runner-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Bench {
  readonly root: string;
  readonly artifacts: ArtifactStore;
  readonly runner: Runner;
  /** Writes a file below the root and gives its absolute path. */
  write(path: string, text: string): Promise<string>;
  spec(given: Partial<AttemptSpec>): AttemptSpec;
  start(given: Partial<AttemptSpec>, events?: Partial<Heard>): Started;
}

/** What an attempt told its listener. */
export interface Heard {
  started(): void;
  ready(url: string): void;
  line(line: string): void;
  logged(batch: LoggedBatch): void;
}

export interface Started extends RunningAttempt {
  readonly spec: AttemptSpec;
  readonly lines: string[];
  readonly batches: LoggedBatch[];
  /** Resolves when the command has begun. */
  readonly begun: Promise<void>;
  /** Resolves with the first line that contains this text. */
  said(text: string): Promise<string>;
}

/** A process runner on a folder of its own with a real artifact store. */
export function openBench(options: Partial<ProcessRunnerOptions> = {}): Promise<Bench> {
  return openBenchOf(({ artifacts, folder }) =>
    processRunner({ artifacts, cacheDir: join(folder, "cache"), graceMs: 200, ...options }),
  );
}

export interface BenchRooms {
  readonly artifacts: ArtifactStore;
  /** The state folder, so to say. */
  readonly folder: string;
  readonly root: string;
}

/** The same with any runner. */
export async function openBenchOf(make: (rooms: BenchRooms) => Runner): Promise<Bench> {
  const folder = await temporaryFolder();
  const root = join(folder, "root");
  await mkdir(root);
  const artifacts = await openArtifactStore({ root: join(folder, "artifacts"), durable: false });
  const runner = make({ artifacts, folder, root });
  onTestFinished(() => runner.close());
  let count = 0;

  function spec(given: Partial<AttemptSpec>): AttemptSpec {
    count += 1;
    return {
      run: "run-1",
      task: `task-${count}`,
      attempt: 1,
      token: `owner-${process.pid}-${folder.slice(-6)}-${count}`,
      workdir: join(folder, "work", String(count)),
      root,
      command: { kind: "command", command: ["true"] },
      inputs: {},
      outputs: {},
      params: {},
      environment: { kind: "host" },
      env: {},
      secrets: [],
      timeout: { startMs: null, runMs: null, heartbeatMs: null },
      tracking: { uri: "http://127.0.0.1:1", experimentId: "0", runId: "r" },
      checkpoint: join(folder, "checkpoints", String(count)),
      log: join(folder, "logs", `${count}.log`),
      ...given,
    };
  }

  return {
    root,
    artifacts,
    runner,
    spec,
    async write(path, text) {
      const place = join(root, path);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, text);
      return place;
    },
    start: (given, events = {}) => startAttempt(runner, spec(given), events),
  };
}

function startAttempt(runner: Runner, spec: AttemptSpec, events: Partial<Heard>): Started {
  const lines: string[] = [];
  const batches: LoggedBatch[] = [];
  const begun = Promise.withResolvers<void>();
  const waiting: { text: string; resolve: (line: string) => void }[] = [];
  const running = runner.start(spec, {
    started() {
      begun.resolve();
      events.started?.();
    },
    ready: (url) => events.ready?.(url),
    line(line) {
      lines.push(line);
      for (const { text, resolve } of waiting) if (line.includes(text)) resolve(line);
      events.line?.(line);
    },
    logged(batch) {
      batches.push(batch);
      events.logged?.(batch);
    },
  });
  return {
    ...running,
    spec,
    lines,
    batches,
    begun: begun.promise,
    said(text) {
      const said = lines.find((line) => line.includes(text));
      if (said !== undefined) return Promise.resolve(said);
      return new Promise((resolve) => waiting.push({ text, resolve }));
    },
  };
}

export function output(given: Partial<OutputDefinition> & { path: string }): OutputDefinition {
  return { type: "any", optional: false, register: null, description: "", ...given };
}

/** The error of an attempt that failed; throws for any other end. */
export function errorOf(outcome: AttemptOutcome): { code: string; message: string; retryable: boolean } {
  if (outcome.kind !== "failed") throw new Error(`the attempt ended otherwise: ${JSON.stringify(outcome)}`);
  return { ...outcome.error, retryable: outcome.retryable };
}
