import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readParamPairs, readParamsFile, readParamsJson } from "./params.ts";

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-params-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "params"), text);
  return join(folder, "params");
}

test("the first equals sign parts name and value; the last of a name counts", () => {
  expect(readParamPairs(["a=1", "b=x=y", "c=", "a=2"])).toEqual({ a: "2", b: "x=y", c: "" });
});

test.each(["a", "=1", ""])("%j is no parameter", (pair) => {
  expect(() => readParamPairs([pair])).toThrow("--param name=value");
});

test.each(['{"seed": 1, "list": [1]}', "seed: 1\nlist: [1]\n"])("params are read from %j", async (text) => {
  expect(await readParamsFile(await file(text))).toEqual({ seed: 1, list: [1] });
});

test.each(["", "[1]", "seed: [", "just text"])("%j gives no params", async (text) => {
  await expect(readParamsFile(await file(text))).rejects.toMatchObject({ code: "SCANFLOW_PARAMS_FILE" });
});

test("params are read from JSON on the command line, and nothing stands for none", () => {
  expect(readParamsJson('{"seed": 1}')).toEqual({ seed: 1 });
  expect([readParamsJson(""), readParamsJson(" "), readParamsJson(undefined)]).toEqual([{}, {}, {}]);
});

test.each(["[1]", "seed: 1", "null", "{"])("%j on the command line gives no params", (text) => {
  expect(() => readParamsJson(text)).toThrow(text);
});
