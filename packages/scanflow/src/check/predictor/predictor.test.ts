import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@scanflow/checks";
import { createGraph, modelOf, writeOnnx } from "@scanflow/checks/onnx";
import { expect, onTestFinished, test } from "vitest";
import { runChecks } from "../run-checks.ts";

/** Who is older than 50 buys. */
const ROWS = Array.from({ length: 60 }, (_, row) => `${row},${row > 50 ? 1 : 0}`);

/** A classifier of one feature: the probability that it is above 50. */
function onnxFile(): Uint8Array {
  const graph = createGraph();
  const apart = graph.op("Sub", [graph.input("x", ["rows", 1]), graph.scalar(50.5)]);
  graph.output("p", graph.op("Sigmoid", [apart]), ["rows", 1]);
  return writeOnnx(modelOf(graph.finish("above fifty")));
}

const WHOLE = `
import { batchOf, columnOf } from "@scanflow/checks";
export default ({ rows, columns }) => {
  const age = columnOf({ rows, columns }, "age");
  return batchOf({ said: Array.from(age.values, (years) => Number(years > 50)) });
};
`;

function folderWith(predictor: string | Uint8Array, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-predictor-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), predictor);
  writeFileSync(join(folder, "people.csv"), `age,bought\n${ROWS.join("\n")}\n`);
  return folder;
}

async function gate(root: string, predictor: string, given: { roles?: JsonObject; timeoutMs?: number } = {}) {
  const { roles = { prediction: "said" }, timeoutMs = 20_000 } = given;
  const tests = { label: "bought", ...roles, predictor, tests: [{ metric: "accuracy", min: 0.99 }] };
  const { report } = await runChecks(
    [{ name: "gate", check: "model-tests", params: { tests }, files: { model: join(root, "model") } }],
    { current: join(root, "people.csv"), reference: null, options: {}, root, seed: 1, timeoutMs },
    { signal: new AbortController().signal },
  );
  return report.verdict;
}

test("a module answers from a thread of its own", async () => {
  const root = folderWith(WHOLE, "predict.mjs");
  expect(await gate(root, "predict.mjs")).toMatchObject({ status: "ok" });
});

test.each<[string, JsonObject]>([
  ["the chance of the second of two classes", { probabilities: "chance" }],
  ["the likeliest class by its place", { prediction: "said" }],
  ["a number", { prediction: "said", task: "regression" }],
])("an ONNX file answers %s", async (_, roles) => {
  const root = folderWith(onnxFile(), "model.onnx");
  const wanted = roles.task === "regression" ? /accuracy does not fit the task/ : /All 1 tests passed/;
  expect((await gate(root, "model.onnx", { roles })).message).toMatch(wanted);
});

test("an ONNX file may be a further file, such as the model of this run", async () => {
  const root = folderWith(onnxFile(), "model");
  expect(await gate(root, "model")).toMatchObject({ status: "ok" });
});

test.each([
  ["hangs", "export default () => { for (;;) {} }", /took longer than 1 s\. Let it do less, or allow more/],
  ["never answers", "export default () => new Promise(() => {})", /took longer than 1 s/],
  ["hangs as it is loaded", "for (;;) {}", /took longer than 1 s/],
  [
    "throws",
    "export default () => { throw new Error('no model') }",
    /threw: no model\. Call it on these rows/,
  ],
  ["throws a text", "export default () => { throw 'no model' }", /threw: no model/],
  [
    "ends the process",
    "export default () => process.exit(3)",
    /called process\.exit\(3\)\. Return answers, or throw/,
  ],
  [
    "answers nothing",
    "export default () => {}",
    /did not answer a ColumnBatch\. Let it answer \{ rows, columns \}/,
  ],
  ["answers a text", "export default () => 'yes'", /did not answer a ColumnBatch/],
  ["answers a function", "export default () => () => {}", /threw: .*could not be cloned/],
  [
    "answers shorter columns than it says",
    `export default ({ rows }) => ({ rows, columns: [{ kind: "number", name: "said", validity: null, values: new Float64Array(3), integer: true }] })`,
    /Column "said" of a batch of 60 rows has 3 values instead of 60/,
  ],
  [
    "answers too few rows",
    WHOLE.replace("age.values,", "age.values.slice(1),"),
    /answered 59 rows when it was given 60/,
  ],
  ["exports no function", "export const predict = 1", /has no function as its default export/],
  ["cannot be loaded", "import './nowhere.mjs'", /cannot be loaded: Cannot find module/],
  ["answers under another name", WHOLE.replace("said:", "other:"), /"said"/],
])("a module that %s is told so", async (_, module, message) => {
  const root = folderWith(module, "predict.mjs");
  const timeoutMs = /hang|never/.test(_) ? 1_000 : 20_000;
  const told = await gate(root, "predict.mjs", { timeoutMs }).catch((error: unknown) => error as Error);
  expect(told.message).toMatch(message);
  if (told instanceof Error) expect(told).toMatchObject({ code: "SCANFLOW_PREDICTOR_FAILED" });
  else expect(told.status).toBe("invalid");
});

test.each([
  ["writes nothing", "node -e 0", /wrote no predictions\. Write a line for each row as CSV/],
  [
    "writes no CSV",
    `node -e "require('fs').writeFileSync(process.env.SCANFLOW_OUTPUT_PREDICTIONS, '')"`,
    /is empty/,
  ],
])("a command that %s is told so", async (_, command, message) => {
  const root = folderWith("", "none");
  await expect(gate(root, command)).rejects.toThrow(message);
});

test("an ONNX file that is damaged, or of another number of features, is told so", async () => {
  const cut = folderWith(onnxFile().slice(0, 40), "model.onnx");
  await expect(gate(cut, "model.onnx")).rejects.toMatchObject({ code: "SCANFLOW_ONNX_INVALID" });
  const root = folderWith(onnxFile(), "model.onnx");
  writeFileSync(join(root, "people.csv"), `age,size,bought\n${ROWS.join("\n").replaceAll(",", ",5,")}\n`);
  await expect(gate(root, "model.onnx")).rejects.toThrow(
    /takes 1 numbers a row, and the columns of numbers are 2/,
  );
  await expect(gate(root, "absent.onnx")).rejects.toThrow(/absent\.onnx cannot be read.*Correct its path/);
});
