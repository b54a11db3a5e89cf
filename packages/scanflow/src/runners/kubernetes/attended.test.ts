import { expect, test } from "vitest";
import { isAttended } from "./attended.ts";
import { endingOf, hasFailed, ownExit } from "./ending.ts";
import { parsePod } from "./pod.ts";
import { waitOf } from "./waits.ts";

type State = Record<string, unknown>;

function pod(attend: State, main: State, { publish = {} as State, phase = "Pending" } = {}) {
  const image = "team/model:2";
  return parsePod({
    metadata: { name: "train-1-x", uid: "u", resourceVersion: "1" },
    status: {
      phase,
      initContainerStatuses: [
        { name: "fetch", image, state: { terminated: { exitCode: 0, reason: "Completed" } } },
        { name: "attend", image, state: attend },
        { name: "main", image, state: main },
      ],
      containerStatuses: [{ name: "publish", image, state: publish }],
    },
  });
}

const ended = (exitCode: number, reason = exitCode === 0 ? "Completed" : "Error") => ({
  terminated: { exitCode, reason },
});
const waiting = (reason: string) => ({ waiting: { reason, message: "it cannot" } });
const running = { running: { startedAt: "2026-01-01T00:00:00Z" } };
const context = { task: "train", memory: 0, quote: () => "" };

test.each([
  ["killed with its pod", ended(137)],
  ["out of memory", ended(137, "OOMKilled")],
  ["failed", ended(70)],
])("an attendant that was %s is not why an attempt ended", (_, attend) => {
  const failed = pod(attend, ended(3), { phase: "Failed" });
  expect([hasFailed(failed), ownExit(failed, { stays: false })?.exitCode]).toEqual([true, 3]);
  const unpublished = pod(attend, ended(0), { publish: ended(70), phase: "Failed" });
  expect(hasFailed(unpublished)).toBe(false);
  expect(endingOf(unpublished, undefined, context)).toMatchObject({
    code: "SCANFLOW_ATTEMPT_FAILED",
    message: expect.stringContaining('container "publish": exit code 70'),
  });
});

test.each(["CreateContainerError", "RunContainerError", "ErrImageNeverPull"])(
  "an attendant that cannot be made (%s) keeps a command from beginning, and ends none that has begun",
  (reason) => {
    expect(waitOf(pod(waiting(reason), waiting("PodInitializing")), "train")?.stop).toBeDefined();
    expect(waitOf(pod(waiting(reason), running), "train")).toBeUndefined();
    expect(waitOf(pod(waiting(reason), ended(0)), "train")).toBeUndefined();
  },
);

test("tasks with a heartbeat timeout or tries are attended, services are not", () => {
  const timeout = { startMs: null, runMs: null, heartbeatMs: null };
  const tried = (limit: number) => ({ limit, delayMs: 0, factor: 1, maxDelayMs: 0, jitter: 0 });
  const service = { port: null, replicas: 1, maxReplicas: null, health: null };
  expect(isAttended({ timeout })).toBe(false);
  expect(isAttended({ timeout, retry: tried(0), service: null })).toBe(false);
  expect(isAttended({ timeout, retry: tried(1) })).toBe(true);
  expect(isAttended({ timeout: { ...timeout, heartbeatMs: 1 } })).toBe(true);
  expect(isAttended({ timeout, retry: tried(1), service })).toBe(false);
});
