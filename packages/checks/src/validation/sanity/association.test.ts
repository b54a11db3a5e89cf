import { expect, test } from "vitest";
import { createRandom } from "../../random/random.ts";
import { agreement, associationOf, changePValue, type PairCounts } from "./association.ts";

function drawn(shares: readonly number[], rows: number, seed: number): PairCounts {
  const random = createRandom(seed, "association");
  const counts = new Float64Array(shares.length);
  for (let row = 0; row < rows; row += 1) {
    let [left, cell] = [random.uniform(), 0];
    while (cell < shares.length - 1 && left >= (shares[cell] as number)) left -= shares[cell++] as number;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return { counts, sizes: [2, 3] };
}

const CONNECTED = [0.3, 0.1, 0.1, 0.05, 0.15, 0.3];
const INDEPENDENT = [0.2, 0.1, 0.2, 0.2, 0.1, 0.2];

test("levels that determine each other have Cramér's V of 1, and agree in all rows", () => {
  const same = { counts: Float64Array.of(30, 0, 0, 0, 50, 0, 0, 0, 20), sizes: [3, 3] as const };
  expect(associationOf(same).value).toBeCloseTo(1, 12);
  expect(agreement(same)).toBe(1);
  const towns = { counts: Float64Array.of(30, 0, 20, 0, 0, 50), sizes: [3, 2] as const };
  expect(associationOf(towns).value).toBeGreaterThan(0.99);
  expect(agreement(towns)).toBe(0.8);
});

test("the correction is Bergsma's, by his formula written out for a table of two by two", () => {
  // χ² of [[20, 10], [5, 15]] is 8.3333 of 50 rows.
  const { value } = associationOf({ counts: Float64Array.of(20, 10, 5, 15), sizes: [2, 2] });
  expect(value).toBeCloseTo(Math.sqrt((8.333_333_333_3 / 50 - 1 / 49) / (1 - 1 / 49)), 6);
});

test("without a connexion V is 0 for one table in two, and φ² is 0 on average", () => {
  const squares = Array.from(
    { length: 400 },
    (_, seed) => associationOf(drawn(INDEPENDENT, 60, seed)).squared,
  );
  const mean = squares.reduce((sum, own) => sum + own, 0) / squares.length;
  expect(Math.abs(mean)).toBeLessThan(0.006);
  expect(squares.filter((own) => own <= 0).length / squares.length).toBeGreaterThan(0.45);
});

test("the variance of φ² is that of tables drawn again and again", () => {
  const rows = 400;
  const squares = Array.from(
    { length: 600 },
    (_, seed) => associationOf(drawn(CONNECTED, rows, seed)).squared,
  );
  const mean = squares.reduce((sum, own) => sum + own, 0) / squares.length;
  const variance = squares.reduce((sum, own) => sum + (own - mean) ** 2, 0) / squares.length;
  const { variance: told } = associationOf(drawn(CONNECTED, 1e5, 1));
  expect(variance / (told / rows)).toBeGreaterThan(0.8);
  expect(variance / (told / rows)).toBeLessThan(1.25);
});

test("two tables of one source differ as seldom as asked, and of two sources are told apart", () => {
  for (const shares of [CONNECTED, INDEPENDENT]) {
    const found = Array.from({ length: 400 }, (_, seed) =>
      changePValue(drawn(shares, 1_000, seed), drawn(shares, 150, 1_000 + seed)),
    );
    expect(found.filter((pValue) => pValue <= 0.05).length / found.length).toBeLessThan(0.075);
  }
  expect(changePValue(drawn(CONNECTED, 1_000, 1), drawn(INDEPENDENT, 300, 2))).toBeLessThan(1e-4);
});
