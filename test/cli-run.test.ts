import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOf, lastLine, scanflow } from "./cli.test.support.ts";

const CONFIG = `application: lab
main: train
workflows:
  train:
    params: { seed: { type: integer, default: 7, min: 0 }, name: base }
    nodes:
      gather:
        run: { module: steps/gather.ts }
        params: { seed: { expression: params.seed } }
        outputs: { data: data.csv }
      fit:
        run: { module: steps/fit.ts }
        inputs: { data: gather.data }
        outputs: { model: { path: model.json, type: json, register: lab-model } }
      report:
        run: { module: steps/report.ts }
        params: { name: { expression: params.name } }
        inputs: { model: fit.model }
  broken:
    nodes:
      fail: { run: "if [ -e mended ]; then echo well; else echo 'no such luck'; exit 3; fi" }
      after: { run: "true", after: [fail] }
      beside: { run: "echo beside >> effects" }
  flaky:
    nodes:
      try: { run: [sh, steps/try.sh], code: [steps/try.sh, steps/words.txt], retry: { limit: 1, delay: 1ms } }
`;

const FILES = {
  "scanflow.yaml": CONFIG,
  "steps/gather.ts": `import { writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";
export default async ({ outputs, params }: StepContext) => {
  console.log("seed", params.seed);
  await writeFile(outputs.data, "a,b\\n1,2\\n");
};
`,
  "steps/fit.ts": `import { readFile, writeFile } from "node:fs/promises";
export default async ({ inputs, outputs, metric }) => {
  metric("loss", 0.12345);
  await writeFile(outputs.model, JSON.stringify({ size: (await readFile(inputs.data)).length }));
};
`,
  "steps/report.ts": `export default ({ params }) => {
  console.log("reporting");
  return { test_accuracy: 0.97222, modelName: params.name };
};
`,
};

test("a run prints its tasks, their lines and what came of it; its second run is cached, and a change is explained", async () => {
  const folder = await folderOf(FILES);
  const first = await scanflow(folder, ["run"]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  const lines = first.stdout.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "gather  | seed 7",
      "report  | reporting",
      "test accuracy 0.9722",
      "model name base",
      "registered lab-model version 1",
    ]),
  );
  expect(first.stdout).toMatch(/✓ fit +done +\d+\.\d s {2}loss 0\.1235\n/);
  const [, run] = /run (\S+) succeeded in .*: 3 done/.exec(first.stdout) ?? [];
  expect(lines).toContain(`  scanflow show ${run}`);

  const second = await scanflow(folder, ["run", "--json"]);
  const finished = lastLine(second.stdout);
  expect(finished).toMatchObject({ event: "run-finished", run: expect.any(String), status: "succeeded" });
  expect(finished.tasks).toEqual(
    ["gather", "fit", "report"].map((name) => ({
      ...{ name, status: "succeeded", cached: true, attempts: 0, durationMs: 0 },
    })),
  );
  expect(Object.keys(finished)).toEqual(["event", "run", "status", "tasks"]);
  for (const line of second.stdout.trimEnd().split("\n").slice(0, -1)) {
    expect(JSON.parse(line)).toMatchObject({ event: expect.any(String), seq: expect.any(Number) });
  }

  const fit = join(folder, "steps/fit.ts");
  await writeFile(fit, (await readFile(fit, "utf8")).replace("0.12345", "0.2"));
  const third = await scanflow(folder, ["run", "--json"]);
  const tasks = lastLine(third.stdout).tasks as { name: string; cached: boolean }[];
  expect(tasks.map(({ name, cached }) => [name, cached])).toEqual([
    ["gather", true],
    ["fit", false],
    ["report", true],
  ]);
  expect((await scanflow(folder, ["why", "fit"])).stdout).toContain("has changed:\n  code: steps/fit.ts\n");
  const why = JSON.parse((await scanflow(folder, ["why", "gather", "--json"])).stdout);
  expect(why).toMatchObject({ cached: true, from: { run, task: "gather", attempt: 1 } });
});

test("show and ls tell what logs and artifacts there are, as text and as JSON", async () => {
  const folder = await folderOf(FILES);
  await scanflow(folder, ["run", "--param", "seed=8", "--param", "name=7"]);
  const [ls, listed, show, shown, logs] = await Promise.all([
    scanflow(folder, ["ls"]),
    scanflow(folder, ["ls", "--json"]),
    scanflow(folder, ["show"]),
    scanflow(folder, ["show", "latest", "--json"]),
    scanflow(folder, ["logs", "latest", "gather"]),
  ]);
  const [{ run }] = JSON.parse(listed.stdout);
  expect(ls.stdout).toMatch(new RegExp(`^RUN .*\\n${run} {2}train +succeeded `));
  expect(show.stdout).toMatch(/^params (?=.*name=7)(?=.*seed=8)/m);
  expect(show.stdout).toMatch(/ {2}fit +model \(model\.json\) +\d+ B +sha256:/);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    run,
    params: { seed: 8, name: "7" },
    models: [{ name: "lab-model", version: 1, task: "fit" }],
  });
  expect(logs).toMatchObject({ code: 0, stdout: "seed 8\n" });
});

test("a failed run exits with 1 and says where to look; retry runs what failed and what hangs on it, no more", async () => {
  const folder = await folderOf(FILES);
  const failed = await scanflow(folder, ["run", "broken"]);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(
    /✗ fail +failed .*SCANFLOW_TASK_FAILED Task "fail" failed with exit code 3\.\n/,
  );
  expect(failed.stdout).toMatch(/- after +not run/);
  const [, run] = /run (\S+) failed/.exec(failed.stdout) ?? [];
  expect(failed.stdout).toContain(`  scanflow logs ${run} fail\n  scanflow retry ${run}\n`);
  await writeFile(join(folder, "mended"), "");
  const retried = await scanflow(folder, ["retry", "--json"]);
  expect(retried.code).toBe(0);
  expect(retried.stdout).toMatch(/^\{"event":"run-resumed"|^\{"event":"run-retried"/);
  expect(lastLine(retried.stdout)).toMatchObject({ event: "run-finished", run, status: "succeeded" });
  expect(await readFile(join(folder, "effects"), "utf8")).toBe("beside\n");
});

test("why of a retried task says what changed since the run before, and since the attempt before where that differs", async () => {
  const folder = await folderOf({ ...FILES, "steps/try.sh": "true", "steps/words.txt": "a" });
  const write = (file: string, text: string) => writeFile(join(folder, "steps", file), text);
  const why = async (command: string) => {
    await scanflow(folder, command === "run" ? ["run", "flaky"] : [command]);
    const { stdout } = await scanflow(folder, ["why", "try"]);
    return stdout.slice(stdout.indexOf(":") + 1, stdout.indexOf("It is decided by:"));
  };
  expect(await why("run")).toBe(" this work was not done before.\n");
  const [{ run }] = JSON.parse((await scanflow(folder, ["ls", "--json"])).stdout);
  const since = ` since run ${run}, this has changed:\n`;
  await write("try.sh", "exit 1");
  expect(await why("run")).toMatch(
    new RegExp(
      `^${since}  code: steps/try.sh\nIt took 2 attempts; nothing changed between the last two\\.\n`,
    ),
  );
  await write("words.txt", "b");
  expect(await why("retry")).toMatch(
    new RegExp(
      `^${since}  code: steps/try.sh\n  code: steps/words.txt\nIt took 4 attempts; nothing changed between the last two\\.\n`,
    ),
  );
  await write("try.sh", "true");
  expect(await why("retry")).toBe(
    `${since}  code: steps/words.txt\nIt took 5 attempts; since attempt 4, this has changed:\n  code: steps/try.sh\n`,
  );
  await scanflow(folder, ["run", "broken"]);
  const unknown = await scanflow(folder, ["why", "try"]);
  expect(unknown.stderr).toMatch(/SCANFLOW_TASK_UNKNOWN.*It is the newest run, of broken; .*--run/);
});

test("params come from a file, and those of the command line stand above them", async () => {
  const folder = await folderOf({ ...FILES, "params.yaml": "seed: 3\nname: file\n" });
  const run = await scanflow(folder, [
    "run",
    "--params-file",
    "params.yaml",
    "--param",
    "name=line",
    "--json",
  ]);
  expect(JSON.parse(run.stdout.split("\n")[0] ?? "")).toMatchObject({ params: { seed: 3, name: "line" } });
});

test.each([
  [["frobnicate"], "SCANFLOW_USAGE", "unknown command"],
  [["run", "--frob"], "SCANFLOW_USAGE", "--frob"],
  [["run", "--cpus", "none"], "SCANFLOW_USAGE", "--cpus"],
  [["run", "--param", "seed"], "SCANFLOW_USAGE", "--param name=value"],
  [["run", "--param", "sed=1"], "SCANFLOW_PARAM_INVALID", 'did you mean "seed"'],
  [["run", "--param", "seed=-1"], "SCANFLOW_PARAM_INVALID", "at least 0"],
  [["run", "--params-file", "none.json"], "SCANFLOW_PARAMS_FILE", "none.json"],
  [["run", "tain"], "SCANFLOW_WORKFLOW_UNKNOWN", "train"],
  [["show"], "SCANFLOW_RUN_UNKNOWN", "scanflow run"],
  [["approve"], "SCANFLOW_USAGE", "run"],
  [["graph", "--format", "png"], "SCANFLOW_USAGE", "svg"],
  [["-C", "/", "plan"], "SCANFLOW_CONFIG_MISSING", "scanflow init"],
])("%j is wrong use: exit code 2 and %s", async (args, code, says) => {
  const folder = await folderOf(FILES);
  const [plain, json] = await Promise.all([scanflow(folder, args), scanflow(folder, [...args, "--json"])]);
  expect(plain).toMatchObject({ code: 2, stdout: "" });
  expect(plain.stderr).toMatch(new RegExp(`^error ${code}: `));
  expect(plain.stderr).toContain(says);
  expect(json).toMatchObject({ code: 2, stdout: "" });
  expect(JSON.parse(json.stderr)).toMatchObject({ error: { code } });
});

test("init writes an application that runs as it is, and overwrites nothing", async () => {
  const folder = await folderOf({});
  const made = await scanflow(folder, ["init", "my lab", "--yaml"]);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const application = join(folder, "my lab");
  const run = await scanflow(application, ["run", "--param", "rows=20"]);
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout).toContain("\nrows 20\n");
  const again = await scanflow(folder, ["init", "my lab"]);
  expect(again).toMatchObject({ code: 2, stdout: "" });
  expect(again.stderr).toContain("SCANFLOW_FILE_EXISTS");
});

test("an older Node is refused with a code, before anything else of it is needed", async () => {
  const older = "Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})";
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
  const folder = await folderOf({});
  const [plain, json] = await Promise.all([
    scanflow(folder, ["ls"], { env }),
    scanflow(folder, ["ls", "--json"], { env }),
  ]);
  expect(plain).toMatchObject({ code: 2, stdout: "" });
  expect(plain.stderr).toMatch(/^error SCANFLOW_NODE_VERSION: .*Node 24 or newer.*20\.9\.0/);
  expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: "SCANFLOW_NODE_VERSION" } });
});

test("plan and graph need no owner, and leave no state behind", async () => {
  const folder = await folderOf(FILES);
  const [plan, json, graph, svg] = await Promise.all([
    scanflow(folder, ["plan"]),
    scanflow(folder, ["plan", "broken", "--json"]),
    scanflow(folder, ["graph"]),
    scanflow(folder, ["graph", "--out", "train.svg"]),
  ]);
  expect(plan.stdout).toMatch(/^train +workflow\n.*gather +executor/);
  expect(JSON.parse(json.stdout)).toMatchObject({ version: 1, workflow: "broken" });
  expect(graph.stdout).toMatch(/^flowchart/);
  expect(svg.code).toBe(0);
  expect(await readFile(join(folder, "train.svg"), "utf8")).toMatch(/^<svg /);
  const [picture, nowhere] = await Promise.all([
    scanflow(folder, ["graph", "--out", "train.png"]),
    scanflow(folder, ["graph", "--out", join("none", "train.svg")]),
  ]);
  expect(picture).toMatchObject({ code: 2, stdout: "" });
  expect(picture.stderr).toMatch(/SCANFLOW_USAGE.*train\.png.*\.svg.*--format/);
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toMatch(/SCANFLOW_USAGE.*the folder ".*none" does not exist/);
  await expect(readFile(join(folder, ".scanflow", ".gitignore"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("ls of a workflow without runs says so, and of one that there is not names the nearest", async () => {
  const folder = await folderOf(FILES);
  const [none, wrong] = [
    await scanflow(folder, ["ls", "--workflow", "train"]),
    await scanflow(folder, ["ls", "--workflow", "trian"]),
  ];
  expect(none).toMatchObject({ code: 0, stdout: expect.stringContaining('No runs of workflow "train" yet') });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "train"?') });
});
