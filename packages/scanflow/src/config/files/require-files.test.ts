import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { planWorkflow, type ScanflowError } from "@scanflow/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadApplication } from "../load-application.ts";
import { requireFiles } from "./require-files.ts";

let root: string;

const THERE = {
  "train.py": "",
  "steps/clean.py": "open('made_by_clean.py', 'w')",
  "steps/fit.ts": "export default () => {};",
  "steps/made_by_cleam.py": "",
  "data/digits.csv": "1\n",
  "requirements.txt": "",
  "bin/run.sh": "",
  "path/found.sh": "",
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "scanflow-files-"));
  for (const [path, text] of Object.entries(THERE)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync("data", join(root, "linked"));
});

afterAll(() => rmSync(root, { recursive: true }));

/** What is told to be missing, each as `line:column message`, of the workflow main of these lines (from line 3 on). */
async function missing(workflows: string): Promise<readonly string[]> {
  const file = join(root, "scanflow.yaml");
  writeFileSync(file, `{ application: a, main: main, workflows: {\n\n${workflows}\n} }\n`);
  const loaded = await loadApplication(file);
  const plan = planWorkflow(loaded.application);
  const error: unknown = await requireFiles(loaded, plan).catch((caught: unknown) => caught);
  if (error === undefined) return [];
  expect(error).toMatchObject({ code: "SCANFLOW_FILES_MISSING", place: { file } });
  const { message } = error as ScanflowError;
  expect(message).toContain(`relative to the config's folder (${root})`);
  const lines = message.split("\n").slice(1, -1);
  return lines.map((line) => line.replace(/^ +\S*scanflow\.yaml:(\d+:\d+) \S+ /, "$1 "));
}

const missingOf = (nodes: string) => missing(`main: { nodes: {\n${nodes}\n} }`);

describe("what the first steps need and is not there", () => {
  test("is told together, with the place and what was meant", async () => {
    const told = await missingOf(`a: { run: "cat x", inputs: { x: { file: data/digit.csv } } },
b: { run: "python3 trian.py" },
c: { run: { module: steps/fti.ts } },
d: { run: { notebook: explore.ipynb } },
e: { run: [./run.sh, fast] },
f: { run: "python train.py", environment: { python: { requirements: requirments.txt } } },
g: { run: "true", code: [steps, "lib/**/*.py"] },
h: { run: "cat x", inputs: { x: { file: digits.csv } } },
i: { run: "cat x", inputs: { x: { file: data/digits.tsv } } },
j: { run: "cat x", inputs: { x: { file: dta/digits.csv } } },
k: { run: "true", environment: { node: { package: web/package.json } } },
l: { kind: service, run: "python3 serv.py", environment: { node: {} } }`);
    expect(told).toEqual([
      '4:35 there is no file or folder "data/digit.csv" (did you mean "data/digits.csv"?)',
      '5:6 there is no script "trian.py" (did you mean "train.py"?)',
      '6:13 there is no module "steps/fti.ts" (did you mean "steps/fit.ts"?)',
      '7:13 there is no notebook "explore.ipynb"',
      '8:12 there is no script "./run.sh" (did you mean "bin/run.sh"?)',
      '9:55 there is no requirements file "requirments.txt" (did you mean "requirements.txt"?)',
      '10:33 no file matches "lib/**/*.py"',
      '11:35 there is no file or folder "digits.csv" (did you mean "data/digits.csv"?)',
      '12:35 there is no file or folder "data/digits.tsv" (did you mean "data/digits.csv"?)',
      '13:35 there is no file or folder "dta/digits.csv" (did you mean "data/digits.csv"?)',
      '14:42 there is no package.json "web/package.json"',
      '15:21 there is no script "serv.py"',
    ]);
  });

  test("is told where it is written: in what is handed in, in a list of nodes, in the defaults", async () => {
    const told =
      await missing(`main: { nodes: { n: { workflow: inner, inputs: { raw: { file: raw.csv } } } } },
inner: {
  inputs: [raw],
  defaults: { environment: { python: { requirements: none.txt } } },
  nodes: [{ name: read, run: "python tran.py", inputs: { x: inputs.raw } }] }`);
    expect(told).toEqual([
      '3:57 there is no file or folder "raw.csv"',
      '6:40 there is no requirements file "none.txt"',
      '7:25 there is no script "tran.py" (did you mean "train.py"?)',
    ]);
  });

  test("is told once for a workflow that is nested twice, and for a list that is written out", async () => {
    const inner = `inner: { nodes: { n: { run: "python none.py", map: { over: [1, 2] } } } }`;
    const main = "main: { nodes: { a: { workflow: inner }, b: { workflow: inner } } }";
    expect(await missing(`${main}, ${inner}`)).toEqual(['3:93 there is no script "none.py"']);
  });
});

describe("behind other work", () => {
  const before = `gather: { run: "sh -c 'curl x > y'" }`;

  test.each([
    `{ run: "python trian.py", after: [gather] }`,
    `{ run: "python clean.py", after: [gather] }`,
    "{ run: { module: steps/fot.ts }, after: [gather] }",
  ])("code that looks misspelt is told: %s", async (node) => {
    expect(await missingOf(`${before}, n: ${node}`)).toEqual([expect.stringMatching(/did you mean/)]);
  });

  test.each([
    ["data", `n: { run: "true", inputs: { x: { file: data/digit.csv } }, after: [gather] }`],
    ["code like no other", `n: { run: "python evaluate.py", after: [gather] }`],
    ["code that is named before", `m: { run: "make trian.py" }, n: { run: "python trian.py", after: [m] }`],
    [
      "code that a script before names",
      `m: { run: "python steps/clean.py" }, n: { run: "python steps/made_by_clean.py", after: [m] }`,
    ],
    ["a program that is built", `n: { run: "./trian", after: [gather] }`],
    ["code with another number", `n: { run: "python train2.py", after: [gather] }`],
    [
      "what a person puts there",
      `m: { kind: approval }, n: { run: "true", inputs: { x: { file: x } }, after: [m] }`,
    ],
  ])("nothing is told of %s", async (_, nodes) => {
    expect(await missingOf(`${before}, ${nodes}`)).toEqual([]);
  });
});

const needs = `run: "python trian.py", inputs: { x: { file: none.csv } }`;

test.each([
  ["that may be skipped", `n: { ${needs}, when: "device.kind == 'a'" }`],
  ["that may fail", `n: { ${needs}, allowFailure: true }`],
  ["of a branch", `pick: { choice: "if device is a run n, else m" }, n: { ${needs} }, m: { run: "true" }`],
  ["of a list that is not known", `n: { ${needs}, map: { over: { expression: params.items } } }`],
  ["of an empty list", `n: { ${needs}, map: { over: [] } }`],
  [
    "that is meant for a failure",
    `m: { run: "true" }, n: { run: "python trian.py", after: [{ node: m, if: failed }] }`,
  ],
  [
    "whose input may not be made",
    `m: { run: "true", outputs: { o: { optional: true } } }, n: { run: "python trian.py", inputs: { x: m.o } }`,
  ],
  [
    "whose input may be skipped",
    `m: { run: "true", outputs: [o], when: "device.kind == 'a'" }, n: { run: "python trian.py", inputs: { x: m.o } }`,
  ],
])("nothing is told of a step %s", async (_, nodes) => {
  expect(await missing(`main: { params: { items: [] }, nodes: { ${nodes} } }`)).toEqual([]);
});

test.each([
  [
    "programs on the PATH",
    `n: { run: "true" }, m: { run: [python3, -m, nothing] }, o: { run: /no/such/one }`,
  ],
  ["parameters in a path", `n: { run: "python {{params.x}}.py", params: { x: 1 } }`],
  ["code inside a container", `n: { run: "python trian.py", environment: { image: "a:1" } }`],
  ["code beside the folder", `n: { run: "python ../shared.py" }, m: { run: { module: ../shared.ts } }`],
  ["folders and links", `n: { run: "true", inputs: { x: { file: data }, y: { file: linked/digits.csv } } }`],
  ["files that are written another way", `n: { run: "python ./steps/../train.py", code: ["*.py", steps] }`],
  [
    "the state folder, which has an error of its own",
    `n: { run: "true", inputs: { x: { file: .scanflow/x } } }`,
  ],
])("nothing is told of %s", async (_, nodes) => {
  expect(await missingOf(nodes)).toEqual([]);
});

test("nothing is told of a script that a shell finds on the PATH", async () => {
  const { PATH } = process.env;
  process.env.PATH = `${join(root, "path")}:${PATH}`;
  try {
    expect(await missingOf(`n: { run: "sh found.sh" }`)).toEqual([]);
  } finally {
    process.env.PATH = PATH;
  }
  expect(await missingOf(`n: { run: "sh found.sh" }`)).toHaveLength(1);
  expect(await missingOf(`n: { run: "sh found.sh", env: { PATH: path } }`)).toEqual([]);
});

test("only what is planned is looked at, and a file that stands in for an output may be missing", async () => {
  const told =
    await missing(`main: { nodes: { n: { workflow: inner, inputs: { known: { file: none.onnx } } } } },
inner: { inputs: [known], nodes: {
  fit: { run: "true", outputs: [m] },
  use: { run: "true", inputs: { m: { first: [fit.m, inputs.known] } } } } },
other: { nodes: { n: { ${needs} } } }`);
  expect(told).toEqual([]);
});
