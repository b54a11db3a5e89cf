import { expect, test } from "vitest";
import { takeRows } from "../../batch/take-rows.ts";
import { runtime } from "../../nn/nn.support.ts";
import { bars, table } from "../detector.support.ts";
import { scanflow2021 } from "./scanflow-2021.ts";

test("the original's flaws are there: one row scores 0, and a score depends on its company", async () => {
  const original = await scanflow2021(bars(200, 1), { runtime, epochs: 3, seed: 1 });
  const window = bars(40, 2);
  const scores = await original.score(window);
  expect(Math.min(...scores)).toBe(0);
  expect(Math.max(...scores)).toBe(1);
  const strange = bars(1, 3, () => 6);
  expect([...(await original.score(strange))]).toEqual([0]);
  const worst = scores.indexOf(1);
  const others = Array.from({ length: 40 }, (_, row) => row).filter((row) => row !== scores.indexOf(0));
  const again = await original.score(takeRows(window, others));
  expect(again[others.indexOf(worst)]).toBe(1);
  expect(again.some((score, at) => score !== scores[others[at] ?? 0])).toBe(true);
  const flags = await original.flag(bars(200, 1));
  expect(flags.filter(Boolean).length).toBeGreaterThan(0);
  await original.close();
});

test("tables and images of other sides are refused", async () => {
  await expect(scanflow2021(table(50, 1), { runtime })).rejects.toMatchObject({
    code: "SCANFLOW_DETECTOR_REFERENCE",
  });
});
