import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorOf, openBench, output } from "../packages/scanflow/src/runners/bench.test.support.ts";
import type { AttemptSpec } from "../packages/scanflow/src/runners/index.ts";

const cacheDir = join(import.meta.dirname, ".tmp/runner-python");
beforeAll(() => rm(cacheDir, { recursive: true, force: true }));
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

const python = (given: Partial<Extract<AttemptSpec["environment"], { kind: "python" }>> = {}) => ({
  kind: "python" as const,
  requirements: null,
  packages: [],
  python: null,
  apt: [],
  ...given,
});
const command = (...words: string[]) => ({ kind: "command" as const, command: words });
const print = (code: string) => command("python", "-c", code);

test("an environment is built once, by whoever comes first, and is that of the command", async () => {
  const benches = await Promise.all([openBench({ cacheDir }), openBench({ cacheDir })]);
  const code = "import six, sys, shutil; print(six.__version__, sys.prefix); print(shutil.which('pip'))";
  const attempts = benches.flatMap((bench) =>
    [1, 2].map(() =>
      bench.start({ command: print(code), environment: python({ packages: ["six==1.17.0"] }) }),
    ),
  );
  const outcomes = await Promise.all(attempts.map(({ done }) => done));
  expect(outcomes.map(({ kind }) => kind)).toEqual(["succeeded", "succeeded", "succeeded", "succeeded"]);
  const said = attempts.map(({ lines }) => lines.filter((line) => !line.startsWith("[scanflow]")));
  expect(new Set(said.map((lines) => lines.join("\n"))).size).toBe(1);
  const [version, prefix] = said[0]?.[0]?.split(" ") ?? [];
  expect(version).toBe("1.17.0");
  expect(prefix?.startsWith(join(cacheDir, "environments"))).toBe(true);
  expect(said[0]?.[1]).toBe(join(String(prefix), "bin/pip"));
  const builds = attempts.filter(({ lines }) => lines.some((line) => line.includes("building a Python")));
  expect(builds).toHaveLength(1);
});

test("requirements may nest, point to local packages and carry hashes", async () => {
  const bench = await openBench({ cacheDir });
  await bench.write(
    "env/more.txt",
    "six==1.17.0 \\\n    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n",
  );
  const project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';
  await bench.write("local/pyproject.toml", project);
  await bench.write("local/backend.py", wheelBackend(1));
  // A hash in a file asks for hashes of everything in it, so the local package comes from another one.
  await bench.write("env/requirements.txt", "./local\n");
  const environment = python({ requirements: "env/requirements.txt" });
  const run = print("import ours; print(ours.value)");
  const first = bench.start({ command: run, environment });
  expect((await first.done).kind).toBe("succeeded");
  expect(first.lines.at(-1)).toBe("1");

  await bench.write("local/backend.py", wheelBackend(2));
  const second = bench.start({ command: run, environment });
  expect((await second.done).kind).toBe("succeeded");
  expect(second.lines.at(-1)).toBe("2");

  await bench.write("env/hashed.txt", "-r more.txt\n");
  const hashed = bench.start({
    command: print("import six; print(six.__version__)"),
    environment: python({ requirements: "env/hashed.txt" }),
  });
  expect(await hashed.done).toMatchObject({ kind: "succeeded" });
  expect(hashed.lines.at(-1)).toBe("1.17.0");
  await bench.write("env/more.txt", `six==1.17.0 --hash=sha256:${"0".repeat(64)}\n`);
  const wrong = await bench.start({ command: run, environment: python({ requirements: "env/hashed.txt" }) })
    .done;
  expect(errorOf(wrong).code).toBe("SCANFLOW_ENVIRONMENT_FAILED");
});

test("a build that fails says why and leaves nothing", async () => {
  const own = join(cacheDir, "failing");
  const bench = await openBench({ cacheDir: own });
  const broken = await bench.start({
    command: command("true"),
    environment: python({ packages: ["./not-there-at-all"] }),
  }).done;
  expect(errorOf(broken)).toMatchObject({ code: "SCANFLOW_ENVIRONMENT_FAILED", retryable: true });
  expect(errorOf(broken).message).toContain("not-there-at-all");
  expect((await readdir(join(own, "environments"))).filter((name) => !name.endsWith(".lock"))).toEqual([]);

  const missing = await bench.start({
    command: command("true"),
    environment: python({ python: "python-of-nowhere" }),
  }).done;
  expect(errorOf(missing).message).toContain("python-of-nowhere");
  const file = await bench.start({
    command: command("true"),
    environment: python({ requirements: "no.txt" }),
  }).done;
  expect(errorOf(file)).toMatchObject({ code: "SCANFLOW_ENVIRONMENT_MISSING", retryable: false });
});

test("a notebook runs with its parameters, logs to the tracker and is kept with its outputs", async () => {
  const posted: unknown[] = [];
  const server = createServer(async (request, response) => {
    posted.push({ url: request.url, body: JSON.parse(await bodyOf(request)) });
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const bench = await openBench({ cacheDir });
    await bench.write("analysis/train.ipynb", notebook(trainCells));
    const attempt = bench.start({
      command: { kind: "notebook", notebook: "analysis/train.ipynb" },
      environment: python({ packages: ["six"] }),
      params: { rate: 0.5, names: ["a", "b"], deep: true, "learning-rate": null },
      outputs: { table: output({ path: "table.csv", type: "csv" }) },
      tracking: { uri: `http://127.0.0.1:${port}`, experimentId: "3", runId: "run-of-notebook" },
    });
    const outcome = await attempt.done;
    expect(outcome).toMatchObject({ kind: "succeeded", result: { rate: 0.5 } });
    if (outcome.kind !== "succeeded") return;
    expect(attempt.lines).toContain("rate is 0.5 ['a', 'b'] True None");
    expect(posted).toEqual([
      {
        url: "/api/2.0/mlflow/runs/log-metric",
        body: { run_id: "run-of-notebook", key: "rate", value: 0.5 },
      },
    ]);
    expect(outcome.usage.peakMemory).toBeGreaterThan(10e6);
    const kept = join(bench.root, "kept.ipynb");
    await bench.artifacts.materialise(outcome.outputs.notebook ?? "", kept);
    const cells = JSON.parse(await readFile(kept, "utf8")).cells as {
      source: string | string[];
      outputs: unknown[];
    }[];
    expect(cells).toHaveLength(4);
    expect([cells[2]?.source].flat().join("")).toContain("rate = 0.5");
    expect(JSON.stringify(cells[3]?.outputs)).toContain("rate is 0.5");
    expect(Object.keys(outcome.outputs).sort()).toEqual(["notebook", "table"]);
  } finally {
    server.close();
  }
});

test("a notebook that is run again in the same environment is the same file", async () => {
  const bench = await openBench({ cacheDir });
  await bench.write("again.ipynb", notebook([["rate = 1"], ["rate = 2"], ["print(rate)"]]));
  const once = () =>
    bench.start({
      command: { kind: "notebook", notebook: "again.ipynb" },
      environment: python({ packages: ["six"] }),
      params: { rate: 3 },
    }).done;
  const [first, second] = await Promise.all([once(), once()]);
  expect(first).toMatchObject({ kind: "succeeded", outputs: { notebook: expect.any(String) } });
  expect(second).toMatchObject({ outputs: first.kind === "succeeded" && first.outputs });
});

test("a notebook that fails shows the cell and the traceback", async () => {
  const bench = await openBench({ cacheDir });
  await bench.write("fail.ipynb", notebook([["first = 1"], ["first / 0  # the culprit"]]));
  const outcome = await bench.start({
    command: { kind: "notebook", notebook: "fail.ipynb" },
    environment: python({ packages: ["six"] }),
  }).done;
  const { code, message } = errorOf(outcome);
  expect(code).toBe("SCANFLOW_TASK_FAILED");
  for (const part of ["cell 2 of 2 failed", "the culprit", "ZeroDivisionError: division by zero"]) {
    expect(message).toContain(part);
  }
});

test("what is no notebook is refused", async () => {
  const bench = await openBench({ cacheDir });
  await bench.write("not.ipynb", "hello");
  const environment = python({ packages: ["six"] });
  for (const name of ["not.ipynb", "gone.ipynb"]) {
    const outcome = await bench.start({ command: { kind: "notebook", notebook: name }, environment }).done;
    expect(errorOf(outcome)).toMatchObject({ code: "SCANFLOW_NOTEBOOK_INVALID", retryable: false });
    expect(errorOf(outcome).message).toContain(name);
  }
});

test("cancelling a notebook ends its kernel, which has left the group", async () => {
  const bench = await openBench({ cacheDir });
  const cell = ["import os, time", "print('process', os.getpid(), flush=True)", "time.sleep(600)"];
  await bench.write("long.ipynb", notebook([cell]));
  const attempt = bench.start({
    command: { kind: "notebook", notebook: "long.ipynb" },
    environment: python({ packages: ["six"] }),
  });
  const line = await attempt.said("process ");
  const pid = Number(line.split(" ")[1]);
  expect(() => process.kill(pid, 0)).not.toThrow();
  expect(attempt.lines).toHaveLength(1);
  attempt.cancel();
  expect(await attempt.done).toEqual({ kind: "cancelled" });
  expect(() => process.kill(pid, 0)).toThrow();
});

test("uv builds the environment when it is there", async () => {
  const tools = await openBench({ cacheDir });
  const found = tools.start({
    command: print("import shutil; print(shutil.which('uv'))"),
    environment: python({ packages: ["uv"] }),
  });
  expect((await found.done).kind).toBe("succeeded");
  const uv = found.lines.at(-1) ?? "";
  const bin = join(cacheDir, "only-uv");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "uv"), `#!/bin/sh\nexec ${uv} "$@"\n`, { mode: 0o755 });
  const bench = await openBench({
    cacheDir: join(cacheDir, "with-uv"),
    environment: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  });
  const attempt = bench.start({
    command: print("import six; print(six.__version__)"),
    environment: python({ packages: ["six==1.17.0"] }),
  });
  expect((await attempt.done).kind).toBe("succeeded");
  expect(attempt.lines.at(-1)).toBe("1.17.0");
  expect(attempt.lines.join("\n")).toContain("with uv");
});

const trainCells = [
  ["import json, os, urllib.request"],
  ["rate = 0.1", "names = []"],
  [
    "print('rate is', rate, names, deep, learning_rate)",
    "body = json.dumps({'run_id': os.environ['MLFLOW_RUN_ID'], 'key': 'rate', 'value': rate}).encode()",
    "url = os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/runs/log-metric'",
    "urllib.request.urlopen(urllib.request.Request(url, body))",
    "open(os.environ['SCANFLOW_OUTPUT_TABLE'], 'w').write('a\\n1\\n')",
    "json.dump({'rate': rate}, open(os.environ['SCANFLOW_RESULT_FILE'], 'w'))",
  ],
];

/** A notebook of code cells; the second is tagged `parameters` when there are three. */
function notebook(cells: readonly (readonly string[])[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "some-kernel-of-mine", display_name: "Mine", language: "python" } },
    cells: cells.map((lines, at) => ({
      id: `cell-${at}`,
      cell_type: "code",
      metadata: at === 1 && cells.length === 3 ? { tags: ["parameters"] } : {},
      execution_count: null,
      outputs: [],
      source: lines.join("\n"),
    })),
  });
}

/** A build backend that needs nothing from the network: it writes a wheel with one module. */
function wheelBackend(value: number): string {
  return `import base64, hashlib, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "ours-1.0-py3-none-any.whl"
    files = {
        "ours.py": "value = ${value}\\n",
        "ours-1.0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: ours\\nVersion: 1.0\\n",
        "ours-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    record = ""
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(text)}\\n"
        wheel.writestr("ours-1.0.dist-info/RECORD", record + "ours-1.0.dist-info/RECORD,,\\n")
    return name
`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
