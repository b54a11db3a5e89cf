import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";
import { errorOf, output } from "../runners/bench.test.support.ts";
import { type GatewayBench, gatewayBench } from "./gateway.test.support.ts";

const run = promisify(execFile);
const docker = async (...args: readonly string[]) => {
  const { stdout } = await run("docker", args, { env: { ...process.env, ...inject("docker") } });
  return stdout.trim();
};

interface Bridged extends GatewayBench {
  readonly network: string;
}

/** A door at the address of a network of its own, which its containers reach. */
async function bridged(): Promise<Bridged> {
  const network = `scanflow-test-gateway-${process.pid}-${Date.now()}`;
  await docker("network", "create", network);
  onTestFinished(async () => {
    await docker("network", "rm", network);
  });
  const host = await docker("network", "inspect", network, "--format", "{{(index .IPAM.Config 0).Gateway}}");
  return { ...(await gatewayBench({ host })), network };
}

const shimFolder = join(import.meta.dirname, "../shim");

/** The shim as the first process of a container that cannot change itself. */
async function start(variables: Readonly<Record<string, string>>, more: readonly string[]): Promise<string> {
  const env = Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const id = await docker(
    ...["run", "--detach", "--read-only", "--user", "1000:1000", "--cap-drop", "ALL"],
    ...["--tmpfs", "/tmp", "--tmpfs", "/scanflow:mode=1777", "--tmpfs", "/app:mode=1777"],
    ...["--volume", `${shimFolder}:/shim:ro`, ...env, ...more],
    ...["node:24-bookworm-slim", "node", "/shim/main.ts", "run"],
  );
  onTestFinished(async () => {
    await docker("rm", "--force", id);
  });
  return id;
}

test("a shim is the first process of a container: it fetches code and inputs, notes the end of orphans, and hands in", async () => {
  const bench = await bridged();
  await bench.write("code/say.sh", "echo said by the code");
  await bench.write("in.txt", "hello");
  const code = await bench.artifacts.publish(join(bench.root, "code"));
  const input = await bench.artifacts.publish(join(bench.root, "in.txt"));
  const line =
    "sh say.sh; cp {{inputs.a}} {{outputs.b}}; (sh -c 'sleep 0.1 &'); sleep 0.5; cat /proc/[0-9]*/stat | grep -c ' Z ' ; id -u; sleep 30 &";
  const offered = bench.offer(
    {
      command: { kind: "command", command: line },
      inputs: { a: input.digest },
      inputFiles: { a: "in.txt" },
      outputs: { b: output({ path: "b" }) },
    },
    { code: code.digest },
  );
  const id = await start(offered.attempt.variables, ["--network", bench.network]);
  expect(await offered.attempt.done).toMatchObject({ kind: "succeeded", outputs: { b: input.digest } });
  expect(offered.lines).toEqual([
    "said by the code",
    "0",
    "1000",
    "[scanflow] the command ended and left 1 process(es) running; they were ended",
  ]);
  expect(await docker("wait", id)).toBe("0");
});

test("a command whose container runs out of memory is told as such", async () => {
  const bench = await bridged();
  const grow = "node -e 'const a = []; for (;;) a.push(Buffer.alloc(10_000_000, 1))'";
  const offered = bench.offer({ command: { kind: "command", command: grow } });
  const id = await start(offered.attempt.variables, [
    "--network",
    bench.network,
    "--memory",
    "150m",
    "--memory-swap",
    "150m",
  ]);
  const error = errorOf(await offered.attempt.done);
  expect(error).toMatchObject({ code: "SCANFLOW_TASK_FAILED", retryable: true });
  expect(error.message).toMatch(/memory/);
  expect(await docker("wait", id)).toBe("1");
});

test("a container that is stopped gives its attempt back", async () => {
  const bench = await bridged();
  const offered = bench.offer({ command: { kind: "command", command: "echo up; sleep 60" } });
  const id = await start(offered.attempt.variables, ["--network", bench.network]);
  await expect.poll(() => offered.lines).toEqual(["up"]);
  await docker("stop", id);
  expect(errorOf(await offered.attempt.done)).toMatchObject({
    code: "SCANFLOW_ATTEMPT_LOST",
    retryable: true,
  });
});
