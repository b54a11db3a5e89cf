import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openBench } from "../bench.test.support.ts";
import { inheritedEnvironment, readSecrets } from "./owner-environment.ts";
import { placesOf } from "./places.ts";
import { contractVariables } from "./variables.ts";

test("the owner's own start does not leak into tasks", () => {
  const inherited = inheritedEnvironment({
    HOME: "/h",
    NODE_OPTIONS: "--conditions=source --max-old-space-size=99 -C source",
    npm_lifecycle_event: "start",
    npm_config_registry: "http://r",
    SCANFLOW_TOKEN: "outer",
    SCANFLOW_PARAM_X: "1",
    SCANFLOW_RESULT_FILE: "/r",
    MLFLOW_RUN_ID: "outer",
    CDPATH: "/elsewhere",
    MLFLOW_TRACKING_TOKEN: "t",
  });
  expect(inherited).toEqual({
    HOME: "/h",
    NODE_OPTIONS: "--max-old-space-size=99",
    npm_config_registry: "http://r",
    MLFLOW_TRACKING_TOKEN: "t",
  });
  expect(inheritedEnvironment({ NODE_OPTIONS: "--conditions=source" })).toEqual({});
});

test("a secret that is not there, or is empty, is named", () => {
  expect(readSecrets({ KEY: "v" }, ["KEY"], "t")).toEqual({ KEY: "v" });
  for (const owner of [{}, { KEY: "" }]) {
    expect(() => readSecrets(owner, ["KEY"], "t")).toThrow(
      expect.objectContaining({ code: "SCANFLOW_SECRET_MISSING", message: expect.stringContaining("KEY") }),
    );
  }
});

test("a secret may lie in a file, as containers get it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-secrets-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "KEY"), "from a file\n");
  const owner = { SCANFLOW_SECRETS: folder, OTHER: "v" };
  expect(readSecrets(owner, ["KEY", "OTHER"], "t")).toEqual({ KEY: "from a file", OTHER: "v" });
  expect(readSecrets({ ...owner, KEY: "set" }, ["KEY"], "t")).toEqual({ KEY: "set" });
  expect(() => readSecrets(owner, ["NONE"], "t")).toThrow(
    expect.objectContaining({ message: expect.stringContaining(folder) }),
  );
});

test("two names that would be one variable are refused", async () => {
  const { spec } = await openBench();
  const given = spec({ params: { "a-b": 1, "a.b": 2 } });
  expect(() => contractVariables(given, placesOf(given, "/c"))).toThrow(
    expect.objectContaining({
      code: "SCANFLOW_NAME_CLASH",
      message: expect.stringContaining("SCANFLOW_PARAM_A_B"),
    }),
  );
  const apart = spec({ params: { a: 1 }, inputs: { a: `sha256:${"0".repeat(64)}` } });
  expect(contractVariables(apart, placesOf(apart, "/c")).variables).toMatchObject({
    SCANFLOW_PARAM_A: "1",
    SCANFLOW_INPUT_A: expect.stringMatching(/inputs\/a$/),
  });
});

test("an output's path may not lead out of the task's folder", async () => {
  const { spec } = await openBench();
  for (const path of ["../x", "a/../../x", "/etc/x", "."]) {
    const outputs = { a: { path, type: "any" as const, optional: false, register: null, description: "" } };
    expect(() => placesOf(spec({ outputs }), "/c")).toThrow(
      expect.objectContaining({ code: "SCANFLOW_OUTPUT_INVALID" }),
    );
  }
});
