import { expect, test } from "vitest";
import { shareWords } from "./fault-words.ts";

test.each([
  [0, "0 %"],
  [1e-9, "less than 0.0001 %"],
  [1e-6, "0.0001 %"],
  [6.1e-5, "0.0061 %"],
  [0.00123, "0.12 %"],
  [0.127, "13 %"],
  [1, "100 %"],
])("the share %d is written %s", (share, words) => {
  expect(shareWords(share)).toBe(words);
});
