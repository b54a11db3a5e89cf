import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderOf, type Running, scanflow, start, until } from "./cli.test.support.ts";
import { ExampleCopy } from "./examples-application.test.support.ts";
import { root } from "./house/sources.ts";

/** Reads digits over HTTP: a table of pixels in, what each row shows out. */
const SERVE = `import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { createMatrix } from "./steps/shared/matrix.ts";
import { readModel } from "./steps/shared/model-file.ts";
import { predict } from "./steps/shared/network.ts";

const { network } = await readModel(process.argv[2]);
createServer(async (request, response) => {
  if (request.url === "/health") return response.end(String(process.pid));
  const rows = await json(request);
  const pixels = createMatrix(rows.length, 64);
  pixels.values.set(rows.flat());
  const { values, columns } = predict(network, pixels);
  const digits = rows.map((_, row) => {
    const chances = values.subarray(row * columns, (row + 1) * columns);
    return chances.indexOf(Math.max(...chances));
  });
  response.end(JSON.stringify(digits));
}).listen(Number(process.env.SCANFLOW_PORT), process.env.SCANFLOW_HOST);
`;

/** Asks the service about all test digits, a few at a time, and tells how many it reads right. */
const ASK = `import { writeFile } from "node:fs/promises";
import { rowOf } from "./steps/shared/matrix.ts";
import { readDigits } from "./steps/shared/digit-table.ts";

const { SCANFLOW_INPUT_TEST, SCANFLOW_SERVICE_PREDICT, SCANFLOW_RESULT_FILE } = process.env;
const { pixels, labels } = await readDigits(SCANFLOW_INPUT_TEST);
let right = 0;
for (let from = 0; from < pixels.rows; from += 64) {
  const rows = Array.from(labels.slice(from, from + 64), (_, row) => Array.from(rowOf(pixels, from + row)));
  const answer = await fetch(SCANFLOW_SERVICE_PREDICT + "/predict", { method: "POST", body: JSON.stringify(rows) });
  for (const [row, digit] of (await answer.json()).entries()) right += digit === labels[from + row] ? 1 : 0;
}
await writeFile(SCANFLOW_RESULT_FILE, JSON.stringify({ accuracy: right / pixels.rows }));
`;

const node = JSON.stringify(process.execPath);

/** The digits example up to its linear model, which is then asked. */
const config = (predict: string, hold: string) => `application: release
workflows:
  release:
    nodes:
      gather: { run: { module: steps/gather.ts }, inputs: { raw: { file: data/digits.csv } }, outputs: { digits: digits.csv } }
      split:
        run: { module: steps/split.ts }
        inputs: { digits: gather.digits }
        params: { seed: 42, validationShare: 0.2, testShare: 0.2 }
        outputs: { train: train.csv, validation: validation.csv, test: test.csv }
      normalise:
        run: { module: steps/normalise.ts }
        inputs: { train: split.train, validation: split.validation, test: split.test }
        outputs: { train: train.csv, validation: validation.csv, test: test.csv, scaler: scaler.json }
      softmax:
        run: { module: steps/train-softmax.ts }
        inputs: { train: normalise.train, validation: normalise.validation }
        params: { seed: 42, epochs: 5, batchSize: 32, learningRate: 0.01, decay: 0.0001 }
        outputs: { model: { path: softmax.json, type: json } }
      predict: { kind: service, run: [${node}, serve.ts, "{{inputs.model}}"], inputs: { model: softmax.model }, health: /health${predict} }
      hold: { run: "${hold}", cache: false, after: [predict] }
      ask: { run: [${node}, ask.ts], inputs: { test: normalise.test }, after: [hold] }
      evaluate:
        run: { module: steps/evaluate.ts }
        inputs: { softmax: softmax.model, mlp: softmax.model, validation: normalise.validation, test: normalise.test }
        outputs: { evaluation: evaluation.json }
`;

/** `predict` and `hold` are further settings of the service, and what runs before it is asked. */
function application(predict = "", hold = "true"): string {
  const copy = new ExampleCopy("digits");
  onTestFinished(() => copy.remove());
  rmSync(join(copy.folder, "scanflow.config.ts"));
  copy.write("serve.ts", SERVE);
  copy.write("ask.ts", ASK);
  copy.write("scanflow.yaml", config(predict, hold));
  return copy.folder;
}

interface ShownTask {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly result: { readonly accuracy?: number; readonly softmaxTest?: number };
}

async function shown(folder: string): Promise<Record<string, ShownTask>> {
  const { tasks } = JSON.parse((await scanflow(folder, ["show", "latest", "--json"])).stdout);
  return Object.fromEntries((tasks as ShownTask[]).map((task) => [task.id, task]));
}

/** Where the service that this run says is up can be asked. */
async function address(running: Running): Promise<string> {
  await running.saw('"service-ready"');
  const line = running
    .stdout()
    .split("\n")
    .find((one) => one.includes('"service-ready"'));
  return JSON.parse(line ?? "").url;
}

const health = async (url: string) => (await fetch(`${url}/health`)).text();

/** The service reads as many of the test digits as the model does by itself. */
function expectSameAccuracy({ ask, evaluate }: Record<string, ShownTask>): void {
  expect(ask?.result.accuracy).toBeGreaterThan(0.8);
  expect(ask?.result.accuracy).toBe(evaluate?.result.softmaxTest);
}

test("a model that was just trained answers a later task over HTTP, as well as it does by itself", async () => {
  const folder = application();
  const { code, stdout } = await scanflow(folder, ["run"]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/predict +up at http:\/\/127\.0\.0\.1:\d+\n/)]);
  expect(stdout).toMatch(/predict +ended after /);
  const tasks = await shown(folder);
  expect(tasks.predict).toMatchObject({ status: "succeeded", attempts: 1 });
  expectSameAccuracy(tasks);
  const again = await scanflow(folder, ["run"]);
  expect(again.stdout).toMatch(/ask +cached/);
});

test("a run whose owner is killed is taken up with its service started anew, and nothing stays behind", async () => {
  const folder = application("", until("go"));
  const owner = start(folder, ["run", "--json"]);
  const url = await address(owner);
  const pid = await health(url);
  await owner.saw('"task":"hold"');
  expect((await scanflow(folder, ["show", "latest"])).stdout).toMatch(new RegExp(`predict +up .*${url}`));
  owner.child.kill("SIGKILL");
  await owner.ended;
  const interrupted = await scanflow(folder, ["show", "latest"]);
  expect(interrupted.stdout).toMatch(/predict .*pending/);
  writeFileSync(join(folder, "go"), "");
  const resumed = start(folder, ["resume", "latest", "--json"]);
  expect(await address(resumed)).not.toBe("");
  expect((await resumed.ended).code).toBe(0);
  const tasks = await shown(folder);
  expect(tasks.predict).toMatchObject({ status: "succeeded", attempts: 2 });
  expectSameAccuracy(tasks);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  await expect(health(url)).rejects.toThrow("fetch failed");
});

test("a service that dies while the run goes on is started anew, or fails the run, which says so", async () => {
  for (const retry of [", retry: { limit: 1, delay: 0 }", ""]) {
    const folder = application(retry, until("go"));
    const running = start(folder, ["run", "--json"]);
    process.kill(Number(await health(await address(running))), "SIGKILL");
    await running.saw('"event":"attempt-failed"');
    writeFileSync(join(folder, "go"), "");
    const { code } = await running.ended;
    const tasks = await shown(folder);
    if (retry !== "") {
      expect([code, tasks.predict?.status, tasks.predict?.attempts]).toEqual([0, "succeeded", 2]);
      expectSameAccuracy(tasks);
      continue;
    }
    expect([code, tasks.predict?.status, tasks.evaluate?.status]).toEqual([1, "failed", "succeeded"]);
    const said = await scanflow(folder, ["show", "latest"]);
    expect(said.stdout).toContain("SIGKILL");
  }
});

test("the service of the guide, in Python, runs as it stands there", async () => {
  const guide = readFileSync(join(root, "docs/guides/services.md"), "utf8");
  const blocks = guide.matchAll(/^```python\n# (\w+\.py)\n([^`]+)```/gm);
  const scripts = Object.fromEntries(Array.from(blocks, ([, name = "", text = ""]) => [name, text]));
  expect(Object.keys(scripts)).toEqual(["serve.py", "ask.py"]);
  const folder = await folderOf({
    ...scripts,
    "scanflow.yaml": `application: release
workflows:
  release:
    nodes:
      train:
        run: echo '{"bias":0.5}' > {{outputs.model}}
        outputs: { model: model.json }
      predict: { kind: service, run: "python3 serve.py {{inputs.model}}", inputs: { model: train.model }, health: /health }
      test: { run: "python3 ask.py {{outputs.answers}} && cat {{outputs.answers}}", after: [predict], outputs: { answers: answers.json } }
`,
  });
  const { code, stdout, stderr } = await scanflow(folder, ["run"]);
  expect([code, stderr]).toEqual([0, expect.anything()]);
  expect(stdout).toMatch(/test +\| \{"bias": 0\.5\}/);
});
