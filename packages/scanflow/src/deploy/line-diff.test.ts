import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { lineDiff } from "./line-diff.ts";

test("what changed stands between three lines that did not", () => {
  const before = ["1", "2", "3", "4", "5", "6", "7", "8", ""].join("\n");
  expect(lineDiff(before, before.replace("5", "five\nand a half"), "a.yaml")).toBe(
    "--- a.yaml\n+++ a.yaml\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+and a half\n 6\n 7\n 8\n",
  );
  expect(lineDiff(before, before, "a.yaml")).toBe("");
});

test("git makes the one text of the other", () => {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-diff-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const lines = fc.array(fc.constantFrom("a: 1", "b: 2", "c: 3", "d: 4"), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(lines, lines, (one, other) => {
      const [before, after] = [`${one.join("\n")}\n`, `${other.join("\n")}\n`];
      fc.pre(before !== after);
      // Without a last empty line, which a file of lines has none of.
      const diff = lineDiff(before.slice(0, -1), after.slice(0, -1), "text");
      writeFileSync(join(folder, "text"), before);
      execFileSync("git", ["apply", "-p0"], { cwd: folder, input: diff });
      expect(readFileSync(join(folder, "text"), "utf8")).toBe(after);
    }),
    { numRuns: 40 },
  );
});
