import { expect, test } from "vitest";
import { parseRules } from "./ignore-rules.ts";

test.each([
  ["*.csv", "data/big.csv", false, true],
  ["*.csv", "data/big.csv.md", false, null],
  ["/data", "data", true, true],
  ["/data", "other/data", true, null],
  ["data/", "data", false, null],
  ["data/", "deep/data", true, true],
  ["a/*.txt", "a/x.txt", false, true],
  ["a/*.txt", "a/b/x.txt", false, null],
  ["a/**/x.txt", "a/x.txt", false, true],
  ["a/**/x.txt", "a/b/c/x.txt", false, true],
  ["a/**", "a/b/c", false, true],
  ["**/logs", "very/deep/logs", true, true],
  ["?.txt", "a.txt", false, true],
  ["?.txt", "ab.txt", false, null],
  ["[ab].txt", "b.txt", false, true],
  ["[!ab].txt", "b.txt", false, null],
  ["[!ab].txt", "c.txt", false, true],
  ["[z-a].txt", "z.txt", false, null],
  ["*.txt\n!keep.txt", "keep.txt", false, false],
  ["!keep.txt\n*.txt", "keep.txt", false, true],
  ["# *.txt", "# a.txt", false, null],
  ["\\#a", "#a", false, true],
  ["a.b", "axb", false, null],
  ["é(1)+.txt", "é(1)+.txt", false, true],
  ["trailing   ", "trailing", false, true],
])("the rules %j say of %s (a folder: %s): %s", (rules, path, isFolder, ignored) => {
  expect(parseRules(rules)(path, isFolder)).toBe(ignored);
});
