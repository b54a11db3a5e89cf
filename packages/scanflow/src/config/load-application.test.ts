import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCode, ScanflowError } from "@scanflow/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadApplication } from "./load-application.ts";
import { linkPackages, loadInNode } from "./node-itself.test.support.ts";

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "scanflow-load-"));
});

afterAll(() => rmSync(root, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const file = join(root, name);
  writeFileSync(file, content);
  return file;
}

async function failure(name: string, content: string | Buffer): Promise<ScanflowError> {
  const caught = await loadApplication(written(name, content)).catch((error: unknown) => error);
  expect(caught).toBeInstanceOf(ScanflowError);
  return caught as ScanflowError;
}

test("a YAML config becomes an application, with the folder that its paths are relative to", async () => {
  const file = written("scanflow.yaml", "application: a\nworkflows: {w: {nodes: {n: {run: echo}}}}\n");
  const loaded = await loadApplication(file);
  expect(loaded).toMatchObject({ file, root, warnings: [], application: { name: "a", main: "w" } });
});

test("a TypeScript config is read by its default export", async () => {
  const file = written(
    "typed.config.ts",
    `const name: string = "typed"; export default { application: name, workflows: { w: { nodes: { n: { run: "x" } } } } };`,
  );
  expect((await loadApplication(file)).application.name).toBe("typed");
});

test("a config that changed is read again when asked", async () => {
  const content = (name: string) =>
    `export default { application: "${name}", workflows: { w: { nodes: { n: { run: "x" } } } } };`;
  const file = written("fresh.config.mjs", content("before"));
  expect((await loadApplication(file, { fresh: true })).application.name).toBe("before");
  written("fresh.config.mjs", content("after"));
  expect((await loadApplication(file, { fresh: true })).application.name).toBe("after");
});

test("all problems of a definition are in one error, each with its line", async () => {
  const error = await failure("bad.yaml", "aplication: a\nworkflows: {w: {nodes: {n: {rn: echo}}}}\n");
  expect(error.code).toBe("SCANFLOW_DEFINITION_INVALID");
  expect(error.message).toContain(`bad.yaml:1:1 aplication: unknown key "aplication"`);
  expect(error.message).toContain(`(did you mean "application"?)`);
  expect(error.message).toContain("bad.yaml:2:");
});

test.each([
  ["SCANFLOW_CONFIG_EXPORT", "none.config.mjs", "export const a = 1;"],
  ["SCANFLOW_CONFIG_EXPORT", "other.config.mjs", "export default () => 1;"],
  ["SCANFLOW_CONFIG_FAILED", "missing.config.mjs", 'import "./not-there.mjs";\nexport default {};'],
  ["SCANFLOW_CONFIG_SYNTAX", "syntax.yaml", "a: [1"],
  ["SCANFLOW_CONFIG_UNREADABLE", "binary.yaml", Buffer.from([0xff, 0xfe, 0x00])],
])("%s for %s", async (code, name, content) => {
  expect((await failure(name, content)).code).toBe(code);
});

test("a config that is not there, or a folder, cannot be read", async () => {
  for (const path of [join(root, "nowhere.yaml"), join(root, "nowhere.ts"), root]) {
    const caught = await loadApplication(path).catch((error: unknown) => error);
    expect(errorCode(caught)).toBe("SCANFLOW_CONFIG_UNREADABLE");
  }
});

test("in Node itself: a TypeScript config made by the builders becomes an application", async () => {
  linkPackages(root);
  const file = written(
    "scanflow.config.ts",
    `import { application, executor, workflow } from "@scanflow/core";
const seed: number = 7;
const main = workflow("w", { params: { seed } }, () => ({ nodes: [executor("n", { run: "x" })] }));
export default application("built", { main });
`,
  );
  expect(await loadInNode(file)).toMatchObject({ name: "built" });
});

test("in Node itself: an error thrown by a config says where", async () => {
  const file = written(
    "throws.config.ts",
    "type A = { b: 1 };\nconst a = null as unknown as A;\n\nexport default a.b;\n",
  );
  const found = await loadInNode(file);
  expect(found).toMatchObject({ code: "SCANFLOW_CONFIG_FAILED", place: { line: 4 } });
  expect(found.message).toContain(`${file}:4:`);
});

test("in Node itself: text that cannot be parsed, and TypeScript that cannot be stripped", async () => {
  for (const content of ["export default {\n  a: 1,,\n};", "enum A { b }\nexport default A;"]) {
    expect(await loadInNode(written("syntax.config.ts", content))).toMatchObject({
      code: "SCANFLOW_CONFIG_SYNTAX",
    });
  }
});
