import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ExampleCopy, type MlflowRest } from "./examples-application.test.support.ts";
import { root } from "./house/sources.ts";
import { freePort } from "./platforms/free-port.ts";

const main = join(root, "packages/scanflow/src/shim/main.ts");

interface Shown {
  readonly tasks: readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly outputs: Readonly<Record<string, { readonly digest: string }>>;
  }[];
}

/** Digest of every output, by task and name. */
async function digestsOf(copy: ExampleCopy): Promise<Record<string, string>> {
  const { tasks } = await copy.document<Shown>("show", "latest");
  const outputs = tasks.flatMap(({ id, outputs }) =>
    Object.entries(outputs).map(([name, { digest }]) => [`${id}.${name}`, digest]),
  );
  return Object.fromEntries(outputs);
}

async function metricsOf(copy: ExampleCopy): Promise<Record<string, unknown>> {
  const runs = await copy.withTracker((mlflow: MlflowRest) => mlflow.runs());
  // What a step used is another matter in a process of its own than in a thread.
  const own = (metrics: object) => Object.entries(metrics).filter(([key]) => !key.startsWith("system/"));
  // The run of the workflow is called as no other.
  const tasks = runs.filter(({ parent }) => parent !== undefined);
  return Object.fromEntries(tasks.map(({ name, metrics }) => [name, Object.fromEntries(own(metrics))]));
}

const here = new ExampleCopy("decks");
const away = new ExampleCopy("decks");
/** Folders of workers. */
const places = mkdtempSync(join(tmpdir(), "scanflow-workers-"));
afterAll(() => {
  here.remove();
  away.remove();
  rmSync(places, { recursive: true, force: true });
});

test("tasks that workers elsewhere claim give the digests and metrics of the process runner", async () => {
  const port = await freePort();
  const tasks = ["gathering", "preprocessing", "choose", "A/nearest-centroid", "A/lda", "B1", "C1"];
  const token = "0123456789abcdef0123456789abcdef";
  const workers = tasks
    .filter((task) => task !== "choose")
    .map((task) => {
      const env = {
        PATH: process.env.PATH,
        SCANFLOW_GATEWAY: `http://127.0.0.1:${port}`,
        SCANFLOW_GATEWAY_TOKEN: token,
        SCANFLOW_FOLDER: join(places, task.replace("/", "."), "attempt"),
        // Nothing is there but what the engine sends.
        SCANFLOW_ROOT: join(places, task.replace("/", "."), "app"),
      };
      const child = spawn(process.execPath, ["--conditions=source", main, "run", task], { env });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      return { task, ended: once(child, "close").then(([code]) => ({ code, said })) };
    });
  const variables = {
    SCANFLOW_ON: "worker",
    SCANFLOW_GATEWAY: `127.0.0.1:${port}`,
    SCANFLOW_GATEWAY_TOKEN: token,
    SCANFLOW_GATEWAY_PATIENCE: "5",
    SCANFLOW_GATEWAY_FILES: "send",
  };
  const args = ["run", "dynamic", "--json", "--device", "typeA"];
  const [there, local] = await Promise.all([
    away.scanflowWith(variables, ...args),
    here.scanflow("run", "dynamic", "--json", "--device", "typeA"),
  ]);
  expect(local.code).toBe(0);
  expect(there.stdout + there.stderr).toContain('"status":"succeeded"');
  expect(there.code).toBe(0);
  const ends = Object.fromEntries(
    await Promise.all(workers.map(async ({ task, ended }) => [task, await ended] as const)),
  );
  expect(Object.values(ends).map(({ code }) => code)).toEqual(Object.keys(ends).map(() => 0));
  expect(ends.B1?.said).toContain("task B1: skipped");
  expect(ends["A/lda"]?.said).toContain("attempt 1 of A/lda succeeded");
  expect(await digestsOf(away)).toEqual(await digestsOf(here));
  expect(await metricsOf(away)).toEqual(await metricsOf(here));
});

test("an owner without a token for workers does not begin", async () => {
  const { code, stdout, stderr } = await away.scanflowWith({ SCANFLOW_ON: "worker" }, "run", "dynamic");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain("SCANFLOW_GATEWAY_TOKEN");
});
