import { describe, expect, test } from "vitest";
import { endingOf, ownExit } from "./ending.ts";
import { parseJob, parsePod } from "./pod.ts";
import { waitOf } from "./waits.ts";

type State = Record<string, unknown>;
interface About {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: unknown[];
  readonly fetch?: State;
  readonly main?: State;
  readonly publish?: State;
  readonly deletionTimestamp?: string;
}

function pod({ fetch, main, publish, deletionTimestamp, ...status }: About) {
  const one = (name: string, state: State | undefined) => ({
    name,
    image: "team/model:2",
    ...(state && { state }),
  });
  return parsePod({
    metadata: { name: "train-1-x", uid: "u", resourceVersion: "1", deletionTimestamp },
    spec: { nodeName: "node-7" },
    status: {
      ...status,
      initContainerStatuses: [one("fetch", fetch), one("main", main)],
      containerStatuses: [one("publish", publish)],
    },
  });
}

function job(type?: string, reason = "", message = "") {
  const conditions = type ? [{ type, status: "True", reason, message }] : [];
  return parseJob({ metadata: { name: "train-1", uid: "j", resourceVersion: "1" }, status: { conditions } });
}

const ended = (exitCode: number, reason = exitCode === 0 ? "Completed" : "Error", message = "") => ({
  terminated: { exitCode, reason, message },
});
const waiting = (reason: string, message = "") => ({ waiting: { reason, message } });
const context = { task: "train", memory: 1_000_000, quote: () => "Error: ENOSPC" };
const disrupted = (reason: string) => [{ type: "DisruptionTarget", status: "True", reason }];

describe("why a pod ended is told in plain words", () => {
  test.each<[string, About, string, RegExp, boolean]>([
    [
      "evicted",
      { phase: "Failed", reason: "Evicted", message: "The node was low on resource: ephemeral-storage." },
      "SCANFLOW_POD_EVICTED",
      /evicted from node-7: The node was low on resource: ephemeral-storage\. Declare/,
      true,
    ],
    [
      "out of memory",
      { phase: "Failed", fetch: ended(0), main: ended(137, "OOMKilled") },
      "SCANFLOW_TASK_FAILED",
      /needed more than its 1000000 bytes of memory/,
      true,
    ],
    [
      "out of memory, told of a command that caught it",
      { phase: "Failed", fetch: ended(0), main: ended(0, "OOMKilled") },
      "SCANFLOW_TASK_FAILED",
      /Give it more memory/,
      true,
    ],
    [
      "a command that is not there",
      {
        phase: "Failed",
        fetch: ended(0),
        main: ended(128, "StartError", 'exec: "pyton": executable file not found in $PATH'),
      },
      "SCANFLOW_COMMAND_NOT_FOUND",
      /cannot be started in its image: exec: "pyton"/,
      false,
    ],
    [
      "a command that may not be run",
      { phase: "Failed", main: ended(126, "ContainerCannotRun", "permission denied") },
      "SCANFLOW_COMMAND_DENIED",
      /permission denied/,
      false,
    ],
    [
      "no inputs",
      { phase: "Failed", fetch: ended(1) },
      "SCANFLOW_ATTEMPT_FAILED",
      /code and inputs could not be fetched \(container "fetch": exit code 1\)\.\nError: ENOSPC\n/,
      true,
    ],
    [
      "outputs not handed in",
      { phase: "Failed", fetch: ended(0), main: ended(0), publish: ended(3) },
      "SCANFLOW_ATTEMPT_FAILED",
      /outputs could not be handed in \(container "publish": exit code 3\)/,
      true,
    ],
    ["a node lost", { phase: "Failed", reason: "NodeLost" }, "SCANFLOW_POD_LOST", /node-7 was lost/, true],
    [
      "a node that shuts down",
      {
        phase: "Failed",
        reason: "Terminated",
        message: "Pod was terminated in response to imminent node shutdown.",
      },
      "SCANFLOW_POD_LOST",
      /node-7 shuts down \(Pod was terminated/,
      true,
    ],
    [
      "preempted",
      { phase: "Failed", conditions: disrupted("PreemptionByScheduler"), main: ended(143) },
      "SCANFLOW_POD_LOST",
      /more important needed its place/,
      true,
    ],
    [
      "a node that does not answer",
      { phase: "Failed", conditions: disrupted("DeletionByTaintManager") },
      "SCANFLOW_POD_LOST",
      /does not answer or was tainted/,
      true,
    ],
    [
      "drained",
      { phase: "Failed", conditions: disrupted("EvictionByEvictionAPI"), main: ended(143) },
      "SCANFLOW_POD_LOST",
      /was drained/,
      true,
    ],
    [
      "a node taken away",
      { phase: "Failed", conditions: disrupted("DeletionByPodGC") },
      "SCANFLOW_POD_LOST",
      /no longer part of the cluster/,
      true,
    ],
    [
      "not taken by the node",
      { phase: "Failed", reason: "OutOfcpu", message: "Node didn't have enough resource" },
      "SCANFLOW_POD_REFUSED",
      /did not take task "train" \(OutOfcpu\)/,
      true,
    ],
    [
      "deleted",
      { phase: "Running", main: { running: {} } },
      "SCANFLOW_POD_LOST",
      /was deleted in the cluster before it had ended/,
      true,
    ],
    [
      "for no known reason",
      { phase: "Failed", reason: "Strange", message: "Odd." },
      "SCANFLOW_POD_LOST",
      /ended \(failed, Strange: Odd\) without handing anything in\. Look at "kubectl describe pod train-1-x"/,
      true,
    ],
  ])("%s", (_, about, code, message, retryable) => {
    const stop = endingOf(pod(about), job(), context);
    expect(stop).toMatchObject({ kind: "failed", code, retryable, message: expect.stringMatching(message) });
  });

  test("out of time while the owner was away", () => {
    expect(endingOf(undefined, job("Failed", "DeadlineExceeded"), context)).toMatchObject({
      code: "SCANFLOW_TIMEOUT_RUN",
    });
  });

  test("one that ended well, of which nobody knows what it handed in: its owner died before that was on record", () => {
    const well = pod({ phase: "Succeeded", fetch: ended(0), main: ended(0), publish: ended(0) });
    for (const stop of [endingOf(well, job(), context), endingOf(undefined, job("Complete"), context)])
      expect(stop).toMatchObject({ code: "SCANFLOW_ATTEMPT_LOST", retryable: true });
  });

  test("a Job that somebody deleted, and one whose pod is gone", () => {
    expect(endingOf(undefined, undefined, context)).toMatchObject({
      message: expect.stringMatching(/The Job of task "train" was deleted/),
    });
    expect(
      endingOf(
        undefined,
        job("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
        context,
      ),
    ).toMatchObject({
      code: "SCANFLOW_POD_LOST",
      message: expect.stringMatching(/gone \(Job has reached/),
    });
  });
});

describe("how the command itself ended", () => {
  test.each<[string, About, number | undefined]>([
    ["well", { phase: "Running", main: ended(0) }, 0],
    ["with a code of its own", { phase: "Failed", main: ended(2) }, 2],
    ["not yet", { phase: "Pending", main: { running: {} } }, undefined],
    ["by the system", { phase: "Failed", main: ended(137, "OOMKilled") }, undefined],
    [
      "by a drained node",
      { phase: "Failed", main: ended(143), conditions: disrupted("EvictionByEvictionAPI") },
      undefined,
    ],
    ["by the eviction of its pod", { phase: "Failed", reason: "Evicted", main: ended(137) }, undefined],
    [
      "by whoever deleted its pod",
      { phase: "Failed", main: ended(143), deletionTimestamp: "2026-11-29T10:00:00Z" },
      undefined,
    ],
  ])("%s", (_, about, code) => {
    expect(ownExit(pod(about), { stays: false })?.exitCode).toBe(code);
  });
});

describe("what a pod waits for", () => {
  const unschedulable = (reason: string, message: string) => [
    { type: "PodScheduled", status: "False", reason, message },
  ];

  test.each<[string, About, RegExp, string | undefined]>([
    [
      "a machine, with the scheduler's words",
      {
        phase: "Pending",
        conditions: unschedulable("Unschedulable", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu."),
      },
      /waits for a machine: 0\/3 nodes are available: 3 Insufficient nvidia/,
      undefined,
    ],
    [
      "a gate",
      { phase: "Pending", conditions: unschedulable("SchedulingGated", "Scheduling is blocked") },
      /held back/,
      undefined,
    ],
    [
      "an image, after the first refusal",
      { phase: "Pending", main: waiting("ErrImagePull", "connection refused") },
      /team\/model:2 could not be fetched \(connection refused\); the node tries again/,
      undefined,
    ],
    [
      "an image that is not there",
      { phase: "Pending", main: waiting("ImagePullBackOff", "Back-off pulling image: manifest unknown") },
      /cannot be fetched/,
      "SCANFLOW_IMAGE_MISSING",
    ],
    [
      "an image whose name is none",
      { phase: "Pending", fetch: waiting("InvalidImageName", "couldn't parse image") },
      /cannot be used/,
      "SCANFLOW_IMAGE_MISSING",
    ],
    [
      "a secret that is not there",
      { phase: "Pending", main: waiting("CreateContainerConfigError", 'secret "x" not found') },
      /container main cannot be made/,
      "SCANFLOW_POD_REFUSED",
    ],
  ])("%s", (_, about, words, code) => {
    const wait = waitOf(pod(about), "train");
    expect(wait?.words).toMatch(words);
    expect(wait?.stop && "code" in wait.stop ? wait.stop.code : undefined).toBe(code);
  });

  test("an image that no registry knows is not worth another try, one that could not be fetched is", () => {
    const stop = (message: string) =>
      waitOf(pod({ main: waiting("ImagePullBackOff", message) }), "train")?.stop;
    expect(stop("manifest unknown")).toMatchObject({ retryable: false });
    expect(stop("dial tcp: i/o timeout")).toMatchObject({ retryable: true });
  });

  test("nothing, while its containers begin", () => {
    expect(
      waitOf(
        pod({ phase: "Pending", fetch: waiting("ContainerCreating"), main: waiting("PodInitializing") }),
        "train",
      ),
    ).toBeUndefined();
  });
});
