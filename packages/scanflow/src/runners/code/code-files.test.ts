import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openBench } from "../bench.test.support.ts";
import { codeFiles } from "./code-files.ts";
import { ModuleCode } from "./module-code.ts";
import { moduleFiles } from "./module-files.ts";

const command = (text: string | readonly string[]) => ({ kind: "command" as const, command: text });

test("a module's code is what it imports by relative paths, in circles too", async () => {
  const { root, write } = await openBench();
  await write(
    "steps/a.ts",
    `import "./b.ts"; import "../lib/c.ts"; import "vitest"; import type {} from "./t.ts"`,
  );
  await write(
    "steps/b.ts",
    `import "./a.ts"; import d from "./d.json" with { type: "json" }; import "./gone.ts"`,
  );
  await write("steps/d.json", `{"import": "./x.ts"}`);
  await write("steps/t.ts", "");
  await write("lib/c.ts", `export * from "./e%20f.ts?x=1"`);
  await write("lib/e f.ts", "");
  const files = ["lib/c.ts", "lib/e f.ts", "steps/a.ts", "steps/b.ts", "steps/d.json"];
  expect(moduleFiles(join(root, "steps/a.ts"))).toEqual(files.map((file) => join(root, file)));
  const spec = { root, command: { kind: "module" as const, module: "steps/a.ts", export: "default" } };
  expect(await codeFiles({ ...spec, code: [] })).toEqual(files);
  expect(await codeFiles({ ...spec, code: ["steps/t.*"] })).toEqual([...files, "steps/t.ts"].sort());
});

test("a module's code is looked up anew when a file of it changes", async () => {
  const { root, write } = await openBench();
  const code = new ModuleCode();
  const entry = await write("a.ts", "");
  const before = code.stateOf(entry);
  expect(code.stateOf(entry)).toBe(before);
  await write("b.ts", "");
  await write("a.ts", `import "./b.ts"`);
  const after = code.stateOf(entry);
  expect([...after.keys()]).toEqual([entry, join(root, "b.ts")]);
  expect(after.get(entry)).not.toBe(before.get(entry));
});

test("a command's code is the folder of its script, without tools' folders", async () => {
  const { root, write } = await openBench();
  for (const path of [
    "jobs/train.py",
    "jobs/deep/lib.py",
    "jobs/data.csv",
    "jobs/__pycache__/x.pyc",
    "other/x.py",
  ]) {
    await write(path, "");
  }
  await symlink("data.csv", join(root, "jobs/link.csv"));
  const expected = ["jobs/data.csv", "jobs/deep/lib.py", "jobs/link.csv", "jobs/train.py"];
  for (const line of [
    "python3 jobs/train.py --n 1",
    ["python3", "jobs/train.py"],
    "cd . && python3 'jobs/train.py' > x",
  ]) {
    expect(await codeFiles({ root, command: command(line), code: [] })).toEqual(expected);
  }
  expect(
    await codeFiles({ root, command: { kind: "notebook", notebook: "jobs/train.py" }, code: [] }),
  ).toEqual(expected);
});

test("a script beside the config brings the sources below, not data", async () => {
  const { root, write } = await openBench();
  for (const path of ["run.sh", "lib/a.py", "data/b.csv", "scanflow.config.ts", "node_modules/c/d.js"]) {
    await write(path, "");
  }
  expect(await codeFiles({ root, command: command("sh run.sh"), code: [] })).toEqual(["lib/a.py", "run.sh"]);
});

test("declared globs and folders replace the default", async () => {
  const { root, write } = await openBench();
  for (const path of ["a/x.py", "a/y.txt", "b/z.py"]) await write(path, "");
  const run = command("python3 a/x.py");
  expect(await codeFiles({ root, command: run, code: ["**/*.py"] })).toEqual(["a/x.py", "b/z.py"]);
  expect(await codeFiles({ root, command: run, code: ["a", "b/z.py"] })).toEqual([
    "a/x.py",
    "a/y.txt",
    "b/z.py",
  ]);
  await expect(codeFiles({ root, command: run, code: ["c/*.py"] })).rejects.toMatchObject({
    code: "SCANFLOW_CODE_MISSING",
  });
});

test("a command without a script of the root has no code", async () => {
  const { root } = await openBench();
  expect(await codeFiles({ root, command: command("true /etc/hosts ../x"), code: [] })).toEqual([]);
});

test("of model tests any source file may be the predictor, unless code names it; other built-in checks have no code", async () => {
  const { root, write } = await openBench();
  for (const path of ["predict.py", "models/net.py", "people.csv", "tests.yaml"]) await write(path, "");
  const check = (name: string) => ({ kind: "check" as const, check: name });
  const tests = { root, command: check("model-tests") };
  expect(await codeFiles({ ...tests, code: [] })).toEqual(["models/net.py", "predict.py"]);
  expect(await codeFiles({ ...tests, code: ["predict.py"] })).toEqual(["predict.py"]);
  expect(await codeFiles({ root, command: check("drift"), code: [] })).toEqual([]);
});

test("a program that is given as one word, longer than a file's name can be, has no code", async () => {
  const { root, write } = await openBench();
  await write("data.csv", "");
  const program = `echo ${"x".repeat(5000)}`;
  for (const words of [["sh", "-c", program], `sh -c '${program}'`]) {
    expect(await codeFiles({ root, command: command(words), code: [] })).toEqual([]);
  }
});
