import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkPackages, loadInNode } from "./node-itself.test.support.ts";

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "scanflow-calls-"));
  linkPackages(root);
});

afterAll(() => rmSync(root, { recursive: true }));

/** The lines of the error for a config, without the folder's path. */
async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const [first = ""] = Object.keys(files);
  const { code, message } = await loadInNode(join(root, first));
  expect(code).toBe("SCANFLOW_DEFINITION_INVALID");
  const lines = String(message).replaceAll(`${root}/`, "").split("\n").slice(1, -1);
  return lines.map((line) => line.trim().split(" ").slice(0, 2).join(" "));
}

test("a problem has the place of the builder call that wrote it, in whichever file of the application", async () => {
  const places = await problemsOf({
    "problems.config.ts": `import { application, executor, integer, workflow } from "@scanflow/core";
import { report } from "./parts/report.ts";

interface Unused {
  readonly lines: "that are stripped";
}

const main = workflow("main", { params: { seed: integer({ default: 1.5 }) } }, ({ params }) => {
  const a = executor("a", { run: "true", outputs: ["x"], params: { seed: params.seed } });
  const b = executor("b", { run: "true", inputs: { x: "a.y" as never } });
  return { nodes: [a, b, report("first"), report("second", { retri: 1 } as object)] };
});

export default application("places", { main, descripton: "" } as never);
`,
    "parts/report.ts": `import { executor, file, first } from "@scanflow/core";

export const report = (name: string, more: object = {}) => {
  const inputs = { x: first("c.x" as never), y: file("d.csv") };
  return executor(name, { run: "true", inputs, ...more });
};
`,
  });
  expect(places).toEqual([
    "problems.config.ts:8:49 workflows.main.params.seed.default:",
    "problems.config.ts:10:13 workflows.main.nodes.b.inputs.x:",
    "problems.config.ts:14:16 descripton:",
    "parts/report.ts:4:23 workflows.main.nodes.first.inputs.x.first[0]:",
    "parts/report.ts:4:23 workflows.main.nodes.second.inputs.x.first[0]:",
    "parts/report.ts:5:10 workflows.main.nodes.second.retri:",
  ]);
});

test("of two nodes with one name the second one is named by its place", async () => {
  const places = await problemsOf({
    "twice.config.ts": `import { application, executor, workflow } from "@scanflow/core";
const main = workflow("main", {}, () => ({
  nodes: [
    executor("a", { run: "true" }),
    executor("a", { run: "true" }),
  ],
}));
export default application("twice", { main });
`,
  });
  expect(places).toEqual(["twice.config.ts:5:5 workflows.main.nodes[1]:"]);
});

test("what no builder made has the place of what is around it, or none", async () => {
  const places = await problemsOf({
    "plain.config.ts": `import { executor } from "@scanflow/core";
const { document } = executor("a", { run: "true", retri: 1 } as never);
export default {
  application: "plain",
  workflows: { main: { nodes: { a: document, b: { run: "true", retri: 1 } } } },
};
`,
  });
  expect(places).toEqual([
    "plain.config.ts workflows.main.nodes.b.retri:",
    "plain.config.ts:2:22 workflows.main.nodes.a.retri:",
  ]);
});
