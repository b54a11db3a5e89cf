import { expect, test } from "vitest";
import { loadedBy } from "./sources.ts";

test("a thread of function steps loads no definitions", () => {
  const loaded = loadedBy("packages/scanflow/src/runners/function/step-worker.ts");
  expect(loaded.filter((path) => path.startsWith("packages/core/"))).toEqual(["packages/core/src/errors.ts"]);
});

test("an owner starts without what only few commands ask for", () => {
  const loaded = loadedBy("packages/scanflow/src/server/index.ts");
  expect(loaded).toContain("packages/scanflow/src/server/handlers.ts");
  const later = /^packages\/(scanflow\/src\/upkeep|tracking\/src\/(transfer|archive)|checks\/src\/profile)\//;
  expect(loaded.filter((path) => later.test(path))).toEqual([]);
});
