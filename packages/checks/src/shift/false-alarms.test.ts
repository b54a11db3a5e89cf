import { expect, test } from "vitest";
import { checkContext } from "../checker/check-context.ts";
import { datasetOf, datasetOfProfile } from "../checker/dataset-of.ts";
import { createRandom } from "../random/random.ts";
import { people } from "./shift.support.ts";
import { shiftChecker } from "./shift-checker.ts";

const REPETITIONS = 60;

/**
 * At a rate of .05 more than 9 of 60 have a chance of .0007. P values that are spread evenly have a mean of .5, with a
 * standard error of .037.
 */
test.each([
  ["windows of a small reference", 80, 30, null],
  ["the reservoir of a saved profile", 200, 60, 100],
])("%s, like the reference: p values are spread evenly, few are small", async (_, rows, window, kept) => {
  const random = createRandom(3, `${rows}/${window}`);
  const found: number[] = [];
  for (let seed = 0; seed < REPETITIONS; seed += 1) {
    const reference = datasetOf("reference", people(rows, random), { seed, sampleSize: kept ?? rows });
    const known = kept === null ? reference : datasetOfProfile("profile", await reference.profile());
    const context = checkContext("shift", { seed, params: { simulations: 100 } });
    const { evidence } = await shiftChecker(datasetOf("window", people(window, random)), known, context);
    found.push(Number(evidence["all columns"]?.pValue));
  }
  expect(found.filter((pValue) => pValue <= 0.05).length).toBeLessThanOrEqual(9);
  const mean = found.reduce((sum, pValue) => sum + pValue, 0) / REPETITIONS;
  expect(mean).toBeGreaterThan(0.38);
  expect(mean).toBeLessThan(0.62);
});
