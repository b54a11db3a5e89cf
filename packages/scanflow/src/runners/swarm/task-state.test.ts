import { expect, test } from "vitest";
import type { SwarmNode, SwarmTask } from "../../docker/index.ts";
import { sightOf } from "./task-state.ts";

const seen = { task: "fit", memory: 0, image: "scanflow/lab:1" };
const node: SwarmNode = {
  ID: "n1",
  Spec: { Role: "worker", Availability: "active", Labels: {} },
  Description: { Hostname: "worker-7", Resources: { NanoCPUs: 1e9, MemoryBytes: 1e9 } },
  Status: { State: "ready" },
};

/** What Docker 20.10 says, word for word. */
function task(State: string, Err?: string, ExitCode?: number): SwarmTask {
  return {
    ID: "t1",
    ServiceID: "s1",
    NodeID: "n1",
    CreatedAt: "2026-01-01T00:00:00Z",
    DesiredState: "complete",
    Status: { State, ...(Err && { Err }), ...(ExitCode !== undefined && { ContainerStatus: { ExitCode } }) },
  };
}

test("a task on its way, or running, goes on", () => {
  expect(sightOf(undefined, undefined, seen)).toEqual({ kind: "goes on" });
  for (const state of [
    "new",
    "pending",
    "assigned",
    "accepted",
    "preparing",
    "ready",
    "starting",
    "running",
  ]) {
    expect(sightOf(task(state), node, seen)).toEqual({ kind: "goes on" });
  }
});

test("what a task waits for is said in plain words", () => {
  const waits = (said: string) => sightOf(task("pending", said), undefined, seen);
  expect(waits("no suitable node (insufficient resources on 2 nodes)")).toMatchObject({
    kind: "goes on",
    note: expect.stringMatching(/^waits for a node: no suitable node .* other tasks have ended/),
  });
  expect(waits("no suitable node (scheduling constraints not satisfied on 2 nodes)")).toMatchObject({
    note: expect.stringContaining("docker node inspect"),
  });
});

test.each([
  [
    task("rejected", "No such image: scanflow/lab:1"),
    seen,
    "SCANFLOW_IMAGE_MISSING",
    /cannot be had on node worker-7/,
  ],
  [task("rejected", "invalid mount config"), seen, "SCANFLOW_ATTEMPT_FAILED", /invalid mount config/],
  [
    task("failed", "task: non-zero exit (137)", 137),
    { ...seen, memory: 1000 },
    "SCANFLOW_TASK_FAILED",
    /1000 bytes of memory/,
  ],
  [task("failed", "task: non-zero exit (137)", 137), seen, "SCANFLOW_ATTEMPT_LOST", /non-zero exit \(137\)/],
  [
    task("failed", 'starting container failed: exec: "ld.so": executable file not found in $PATH', 127),
    seen,
    "SCANFLOW_ATTEMPT_FAILED",
    /kind of machine/,
  ],
  [task("complete"), seen, "SCANFLOW_ATTEMPT_LOST", /ended without an answer/],
  [task("shutdown"), seen, "SCANFLOW_ATTEMPT_LOST", /ended by somebody else/],
])("a container that ended is an outcome with a code: %#", (given, about, code, says) => {
  const sight = sightOf(given, node, about);
  expect(sight).toMatchObject({
    kind: "over",
    reason: { kind: "failed", code, message: expect.stringMatching(says) },
  });
});

test("a task on a node that nobody hears of is lost, and may be tried again", () => {
  const down = { ...node, Status: { State: "down" as const } };
  expect(sightOf(task("running"), down, seen)).toMatchObject({
    kind: "over",
    reason: { code: "SCANFLOW_NODE_LOST", retryable: true, message: expect.stringContaining("worker-7") },
  });
  // Whose end was still heard of ended so.
  expect(sightOf(task("complete"), down, seen)).toMatchObject({ reason: { code: "SCANFLOW_ATTEMPT_LOST" } });
});
