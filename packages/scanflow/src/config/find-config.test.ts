import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCode } from "@scanflow/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findConfig, findRoot } from "./find-config.ts";

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "scanflow-find-"));
  mkdirSync(join(root, "yaml/steps/deep"), { recursive: true });
  mkdirSync(join(root, "both"));
  mkdirSync(join(root, "folder/scanflow.yaml"), { recursive: true });
  mkdirSync(join(root, "project/data"), { recursive: true });
  mkdirSync(join(root, "yaml/training/data"), { recursive: true });
  for (const file of [
    "project/MLproject",
    "yaml/MLproject",
    "yaml/training/mlproject",
    "yaml/scanflow.yml",
    "both/scanflow.yaml",
    "both/scanflow.config.ts",
  ]) {
    writeFileSync(join(root, file), "");
  }
});

afterAll(() => rmSync(root, { recursive: true }));

test("a config is found from any folder below it", () => {
  expect(findConfig(join(root, "yaml/steps/deep"))).toBe(join(root, "yaml/scanflow.yml"));
});

test("a folder with an MLproject file is an application, unless a config lies beside it", () => {
  expect(findConfig(join(root, "project/data"))).toBe(join(root, "project/MLproject"));
  expect(findRoot(join(root, "project"))).toBe(join(root, "project"));
  expect(findConfig(join(root, "yaml/training/data"))).toBe(join(root, "yaml/training/mlproject"));
  expect(findConfig(join(root, "yaml"))).toBe(join(root, "yaml/scanflow.yml"));
});

test("an MLproject file may be a link", () => {
  mkdirSync(join(root, "linked"));
  symlinkSync(join(root, "project/MLproject"), join(root, "linked/MLproject"));
  expect(findConfig(join(root, "linked"))).toBe(join(root, "linked/MLproject"));
});

test("a TypeScript config and a YAML one beside it: none wins, and the error names both", () => {
  const caught = attempt(() => findConfig(join(root, "both")));
  expect(errorCode(caught)).toBe("SCANFLOW_CONFIG_AMBIGUOUS");
  expect(String(caught)).toContain(join(root, "both/scanflow.config.ts"));
  expect(String(caught)).toContain(join(root, "both/scanflow.yaml"));
  expect(String(caught)).toMatch(/Remove or rename/);
});

test("the folder of an application is known whichever of its configs is meant", () => {
  expect(findRoot(join(root, "both"))).toBe(join(root, "both"));
  expect(findRoot(join(root, "yaml/steps"))).toBe(join(root, "yaml"));
});

test("where there is none, the error says where was looked; a folder of that name is none", () => {
  const caught = attempt(() => findConfig(join(root, "folder")));
  expect(errorCode(caught)).toBe("SCANFLOW_CONFIG_MISSING");
  expect(String(caught)).toContain(join(root, "folder"));
});

test("a folder that cannot be looked into is told as that, with what to do", () => {
  // Root may look into everything, but not into a link that leads to itself.
  symlinkSync("loop", join(root, "loop"));
  const caught = attempt(() => findConfig(join(root, "loop")));
  expect(errorCode(caught)).toBe("SCANFLOW_CONFIG_UNREADABLE");
  expect(String(caught)).toMatch(/ELOOP.*chmod -R go\+rX/);
});

function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
