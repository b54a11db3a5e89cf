import { expect, test } from "vitest";
import { chosenSpecs } from "./check-specs.ts";

function filesOf(check: readonly string[], file: readonly string[]) {
  return Object.fromEntries(chosenSpecs({ check, file }, "/data").map(({ name, files }) => [name, files]));
}

test("of several checks those get a file that know it, and plug-ins get all", () => {
  expect(filesOf(["integrity", "performance", "mine.ts"], ["schema=s.json"])).toEqual({
    integrity: { schema: "/data/s.json" },
    performance: {},
    "mine.ts": { schema: "/data/s.json" },
  });
});

test("a file that no check knows goes to all, which refuse it by its name", () => {
  const files = { scheme: "/data/s.json" };
  expect(filesOf(["integrity", "performance"], ["scheme=s.json"])).toEqual({
    integrity: files,
    performance: files,
  });
});
