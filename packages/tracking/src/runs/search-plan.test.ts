import { expect, test } from "vitest";
import { worthFrom } from "./search-plan.ts";

test("a walk pays when it ends before it has looked at as many runs as the comparison leaves", () => {
  const worth = worthFrom("walk", { runs: 1_000_000, share: 1, needed: 100 });
  expect(worth).toBe(10_000);
  // As many runs are walked past as are left.
  expect((100 * 1_000_000) / worth).toBe(worth);
});

test("in a small part of many runs a walk pays later, and in a very small one never", () => {
  expect(worthFrom("walk", { runs: 1_000_000, share: 0.25, needed: 100 })).toBe(20_000);
  expect(worthFrom("walk", { runs: 1_000_000, share: 0.005, needed: 100 })).toBe(Number.POSITIVE_INFINITY);
});

test("a scan of one experiment does not care how small a part that is", () => {
  expect(worthFrom("scan", { runs: 1_000_000, share: 0.005, needed: 100 })).toBe(10_000);
  expect(worthFrom("scan", { runs: 1_000_000, share: 0, needed: 100 })).toBe(Number.POSITIVE_INFINITY);
});
