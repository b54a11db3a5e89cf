import { expect, test } from "vitest";
import { cutOut } from "./cut-out.ts";

test("a batch of a large table is sent without the table", () => {
  const table = Float32Array.from({ length: 1_000 }, (_, at) => at);
  const x = { shape: [2, 5], values: table.subarray(10, 20) };
  const { steps, moved } = cutOut([{ x }, { x }]);
  expect(steps[0]?.x).toEqual(x);
  expect(steps[0]?.x?.values.buffer.byteLength).toBe(40);
  expect(steps[1]?.x?.values).toBe(steps[0]?.x?.values);
  expect(moved).toHaveLength(1);
  expect(table[10]).toBe(10);
});

test("parts that make up the whole stay as they are: together they cost no more", () => {
  const table = new Float32Array(100);
  const steps = [0, 1, 2, 3].map((at) => ({
    x: { shape: [25], values: table.subarray(at * 25, at * 25 + 25) },
  }));
  expect(cutOut(steps)).toEqual({ steps, moved: [] });
  expect(cutOut(steps).steps).toBe(steps);
});
