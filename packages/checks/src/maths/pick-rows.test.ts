import { expect, test } from "vitest";
import { createRandom } from "../random/random.ts";
import { halveRows, joinRows, pickRows } from "./pick-rows.ts";

const five = { rows: 5, columns: 2, values: Float64Array.from({ length: 10 }, (_, at) => at) };

test("rows are picked in the order asked for, one more than once where it is asked for twice", () => {
  expect(pickRows(five, [3, 0, 3])).toEqual({
    rows: 3,
    columns: 2,
    values: Float64Array.of(6, 7, 0, 1, 6, 7),
  });
});

test("halves share no row and lose none; joined they are as many again", () => {
  const [first, second] = halveRows(five, createRandom(1));
  expect([first.rows, second.rows]).toEqual([2, 3]);
  const { rows, columns, values } = joinRows(first, second);
  expect([rows, columns]).toEqual([5, 2]);
  const firsts = values.filter((_, at) => at % 2 === 0);
  expect(firsts.toSorted()).toEqual(Float64Array.of(0, 2, 4, 6, 8));
  for (let row = 0; row < 5; row += 1) expect(values[2 * row + 1]).toBe((values[2 * row] as number) + 1);
});
