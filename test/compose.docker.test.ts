import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ExampleCopy, MlflowRest } from "./examples-application.test.support.ts";
import { freePort } from "./platforms/free-port.ts";

const run = promisify(execFile);
const env: Record<string, string> = { ...inject("docker") };

interface Shown {
  readonly status: string;
  readonly tasks: readonly {
    readonly id: string;
    readonly status: string;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
    readonly metrics: Readonly<Record<string, number>>;
  }[];
}

/** What must be the same wherever a run is made. */
function made({ tasks }: Shown) {
  return tasks.map(({ id, status, outputs, metrics }) => ({
    id,
    status,
    digests: Object.entries(outputs).map(([name, { digest }]) => [name, digest]),
    metrics: Object.entries(metrics).filter(([key]) => !key.startsWith("system/")),
  }));
}

describe("the decks as a Compose project", () => {
  const decks = new ExampleCopy("decks");
  const project = join(decks.folder, "deploy/compose/compose.yaml");
  const ports = { SCANFLOW_TRACKER_PORT: "0" };
  const compose = (...args: string[]) =>
    run("docker", ["compose", "-f", project, "--project-name", `decks-${process.pid}`, ...args], {
      env: { ...process.env, ...env, ...ports },
      maxBuffer: 1 << 26,
    });
  let own = 0;

  beforeAll(async () => {
    // Containers run as another user than root.
    chmodSync(decks.folder, 0o755);
    own = await freePort();
    ports.SCANFLOW_TRACKER_PORT = String(await freePort());
    decks.write("scanflow.config.ts", decks.read("scanflow.config.ts").replace("port: 8008", `port: ${own}`));
    for (const args of [
      ["export", "compose"],
      ["build", "decks", "--shim"],
    ]) {
      const { code, stdout, stderr } = await decks.scanflowWith(env, ...args);
      if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
    }
  });
  afterAll(async () => {
    await compose("down", "--volumes", "--timeout", "1");
    decks.remove();
  });

  test("docker compose up runs it to its end, with the metrics and outputs of a run in processes", async () => {
    await decks.run();
    const here = await decks.document<Shown>("show", "latest");
    await compose("up", "--detach", "--quiet-pull").catch(async (error: Error) => {
      const { stdout, stderr } = await compose("logs", "scanflow");
      throw new Error(`${error.message}\n${stdout}${stderr}`);
    });
    const { stdout: exit } = await compose("wait", "scanflow");
    const { stdout: log } = await compose("logs", "--no-log-prefix", "scanflow");
    // Compose says it with words or without, by its version.
    expect([exit.trim(), log]).toEqual([
      expect.stringMatching(/(^|code )0$/),
      expect.stringContaining("succeeded"),
    ]);

    const asked = ["run", "--rm", "--no-deps", "--entrypoint", "scanflow", "scanflow"];
    const { stdout } = await compose(...asked, "-C", "/app", "show", "--json");
    const there = JSON.parse(stdout) as Shown;
    expect(there.status).toBe("succeeded");
    expect(made(there)).toEqual(made(here));

    // The tracker of the third workflow is a container of its own, and still there to be asked.
    const names = (await new MlflowRest(`http://127.0.0.1:${own}`).runs()).map(({ name }) => name).sort();
    expect(names).toEqual([
      "workflow3",
      "workflow3/get-new-data",
      "workflow3/modeling",
      "workflow3/preprocessing-new-data",
    ]);
    const all = await new MlflowRest(`http://127.0.0.1:${ports.SCANFLOW_TRACKER_PORT}`).runs();
    expect(all.map(({ status }) => status)).toEqual(["FINISHED"]);
    const { stdout: ended } = await compose("ps", "--all", "--format", "json");
    const codes = ended
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { Service: string; State: string; ExitCode: number });
    expect(codes.filter(({ ExitCode }) => ExitCode !== 0)).toEqual([]);
  });

  test("down with its volumes leaves nothing behind", async () => {
    await compose("down", "--volumes", "--timeout", "1");
    const filter = ["--filter", `label=com.docker.compose.project=decks-${process.pid}`, "--quiet"];
    const docker = async (...args: string[]) =>
      (await run("docker", [...args, ...filter], { env: { ...process.env, ...env } })).stdout;
    expect(await docker("ps", "--all")).toBe("");
    expect(await docker("network", "ls")).toBe("");
    expect(await docker("volume", "ls")).toBe("");
  });
});
