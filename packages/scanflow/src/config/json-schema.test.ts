import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { documentSchema } from "@scanflow/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { parseYaml } from "./read-yaml.ts";

/** Written by this test when it is run with `-u`: `npx vitest run --project unit -u json-schema`. */
const published = new URL("../../../../docs/reference/scanflow.schema.json", import.meta.url).pathname;

test("the published JSON Schema is that of the definitions", async () => {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const args = [biome, "format", "--stdin-file-path=scanflow.schema.json"];
  const formatted = execFileSync(process.execPath, args, {
    input: JSON.stringify(documentSchema()),
    encoding: "utf8",
  });
  await expect(formatted).toMatchFileSnapshot(published);
});

test("the published JSON Schema takes what is right and refuses what is wrong", () => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(published, "utf8")));
  const { document } = parseYaml(
    `application: digits
workflows:
  digits:
    params: {seed: 7}
    nodes:
      split: {run: [python, split.py], outputs: [train], resources: {memory: 2GiB}}
      fit: {run: {module: fit.ts}, inputs: {data: split.train}, timeout: 10m}
      check: {kind: checker, run: "node check.js", failOn: alarm}
      pick: {choice: "if device is typeA run a, else b"}
      a: {workflow: other}
`,
    "scanflow.yaml",
  );
  expect(schema.safeParse(document).success).toBe(true);
  for (const wrong of [
    "application: 1",
    "workflows: {w: {nodes: {n: {rn: x}}}}",
    "workflows: {w: {nodes: {n: {kind: x}}}}",
  ]) {
    const { document: broken } = parseYaml(wrong, "scanflow.yaml");
    expect(schema.safeParse(Object.assign({}, document, broken)).success).toBe(false);
  }
});
