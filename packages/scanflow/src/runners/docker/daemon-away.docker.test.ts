import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { dockerEnvironment, testDaemon, testImage } from "../../docker/daemon.test.support.ts";
import { createContainer, listContainers, removeContainer } from "../../docker/index.ts";
import { openWire, type Wire } from "../../docker/wire.test.support.ts";
import type { ArtifactAccess } from "../artifact-access.ts";
import { type Bench, type BenchRooms, errorOf, openBenchOf, output } from "../bench.test.support.ts";
import { dockerRunner } from "./docker-runner.ts";
import { attemptLabels, filterOf, ownerLabel } from "./labels.ts";

const docker = await testDaemon();
afterAll(() => docker.close());

const environment = { kind: "image" as const, image: testImage };
const shell = (line: string) => ({ kind: "command" as const, command: ["sh", "-c", line] });
/** Networks are named after runs: this one is no other test's. */
const run = `away-${process.pid}`;
const nobody = { started() {}, ready() {}, line() {}, logged() {} };

interface WiredBench extends Bench {
  readonly wire: Wire;
  readonly rooms: BenchRooms;
}

/** A runner whose daemon can be taken away. */
async function openBench(
  given: (artifacts: ArtifactAccess) => ArtifactAccess = (a) => a,
): Promise<WiredBench> {
  const wire = await openWire();
  const opened: BenchRooms[] = [];
  const bench = await openBenchOf((rooms) => {
    opened.push(rooms);
    const { artifacts, folder: state, root } = rooms;
    return dockerRunner({ artifacts: given(artifacts), root, state, graceMs: 300, environment: wire.env });
  });
  const [rooms] = opened;
  if (!rooms) throw new Error("no runner was made");
  return { ...bench, wire, rooms };
}

describe("a daemon that goes away while a container runs", () => {
  const until = (file: string) => `while [ ! -e ${file} ]; do sleep 0.05; done`;
  const untilGo = `seq 3; ${until("go")}`;

  test("is asked again: the task goes on, nothing of its log is lost and nothing written twice", async () => {
    const bench = await openBench();
    const flood = `seq 4 100000; touch "$SCANFLOW_CHECKPOINT/flooded"`;
    const lines = `seq 3; echo é | head -c 1; ${until("cut")}; echo é | tail -c 2; ${flood}; ${until("go")}; printf end`;
    const attempt = bench.start({ run, command: shell(lines), environment });
    await attempt.said("3");
    bench.wire.cut();
    await attempt.said("went away");
    await bench.write("cut", "");
    await expect.poll(() => existsSync(join(attempt.spec.checkpoint, "flooded"))).toBe(true);
    bench.wire.mend();
    // It ends while the daemon still reads what it wrote before.
    await attempt.said("answers again");
    await bench.write("go", "");
    expect((await attempt.done).kind).toBe("succeeded");
    const said = attempt.lines.filter((line) => !line.startsWith("[scanflow]"));
    expect(said.slice(0, 5)).toEqual(["1", "2", "3", "é", "4"]);
    expect(said.slice(-2)).toEqual(["100000", "end"]);
    expect(said.length).toBe(100_002);
  });

  test("and a container that is gone then is told as that", async () => {
    const bench = await openBench();
    const attempt = bench.start({ run, command: shell(untilGo), environment });
    await attempt.said("3");
    bench.wire.cut();
    await attempt.said("went away");
    const [container] = await listContainers(docker, filterOf(ownerLabel(bench.rooms.folder)));
    await removeContainer(docker, String(container?.Id));
    bench.wire.mend();
    const error = errorOf(await attempt.done);
    expect(error).toMatchObject({ code: "SCANFLOW_ATTEMPT_LOST", retryable: true });
    expect(error.message).toContain("was removed by somebody else");
  });

  test("keeps nobody from cancelling", async () => {
    const bench = await openBench();
    const attempt = bench.start({ run, command: shell(untilGo), environment });
    await attempt.said("3");
    bench.wire.cut();
    await attempt.said("went away");
    attempt.cancel();
    expect(await attempt.done).toEqual({ kind: "cancelled" });
    bench.wire.mend();
    await bench.runner.reclaim?.(attempt.spec);
    expect(await listContainers(docker, filterOf(ownerLabel(bench.rooms.folder)))).toEqual([]);
  });
});

test("outputs that were on their way into the store when the owner was killed are made again, not missed", async () => {
  const begun = Promise.withResolvers<void>();
  const killed = Promise.withResolvers<never>();
  let count = 0;
  const bench = await openBench((artifacts) => ({
    ...artifacts,
    materialise: (digest, path) => artifacts.materialise(digest, path),
    // As if it was killed between the first and the second.
    publish(path, options) {
      count += 1;
      if (count === 1) return artifacts.publish(path, options);
      begun.resolve();
      return killed.promise;
    },
  }));
  // Nor had it sent that the container can go.
  bench.wire.hold("DELETE ");
  const attempt = bench.start({
    run,
    command: shell('echo a > "$SCANFLOW_OUTPUT_A"; echo b > "$SCANFLOW_OUTPUT_B"'),
    environment,
    outputs: { a: output({ path: "a" }), b: output({ path: "b" }) },
  });
  await begun.promise;
  const { spec } = attempt;
  const { artifacts, folder: state, root } = bench.rooms;
  const next = dockerRunner({ artifacts, root, state, environment: dockerEnvironment() });
  expect(await next.adopt?.(spec, nobody)).toBeNull();
  await next.reclaim?.(spec);
  expect(await listContainers(docker, filterOf(ownerLabel(state)))).toEqual([]);
  await next.close();
  killed.reject(new Error("killed"));
  bench.wire.cut();
  await attempt.done;
  await bench.runner.close();
  bench.wire.mend();
});

test("an attempt that was taken in whole when the owner was killed, before that was on record, is made again, not empty", async () => {
  const bench = await openBench();
  // Its folder is gone, and its container is not yet.
  bench.wire.hold("DELETE ");
  const attempt = bench.start({
    run,
    command: shell(`echo '{"n": 1}' > "$SCANFLOW_RESULT_FILE"`),
    environment,
  });
  expect(await attempt.done).toMatchObject({ kind: "succeeded", result: { n: 1 } });
  const { artifacts, folder: state, root } = bench.rooms;
  const next = dockerRunner({ artifacts, root, state, environment: dockerEnvironment() });
  const found = await listContainers(docker, filterOf(ownerLabel(state)));
  expect(found).toMatchObject([{ State: "exited" }]);
  expect(await next.adopt?.(attempt.spec, nobody)).toBeNull();
  await next.reclaim?.(attempt.spec);
  await next.close();
  bench.wire.cut();
  await bench.runner.close();
  bench.wire.mend();
});

test("a container that a dead owner had asked for and that came late goes with its run", async () => {
  const bench = await openBench();
  const { done, spec } = bench.start({ run, command: shell("true"), environment });
  expect(await done).toMatchObject({ kind: "succeeded" });
  const owner = ownerLabel(bench.rooms.folder);
  const made = (of: string) => ({
    Image: testImage,
    Labels: { ...owner, ...attemptLabels({ ...spec, run: of }) },
  });
  await createContainer(docker, `late-${run}`, made(run));
  const other = await createContainer(docker, `other-${run}`, made("another"));
  await bench.runner.leave?.(run);
  expect(await listContainers(docker, filterOf(owner))).toMatchObject([{ Id: other }]);
  await removeContainer(docker, other);
});
