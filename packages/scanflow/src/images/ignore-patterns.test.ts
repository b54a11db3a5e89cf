import { expect, test } from "vitest";
import { ignorePatterns } from "./ignore-patterns.ts";

// Cases of moby/patternmatcher's own tests and of the page on .dockerignore files.
test.each([
  ["*/temp*", ["a/temp", "a/temporary.txt", "a/temp/below"], ["temp", "a/b/temp"]],
  ["*/*/temp*", ["a/b/temp.txt"], ["a/temp"]],
  ["temp?", ["tempa", "tempb/below"], ["temp", "tempab", "a/tempa"]],
  ["**/*.go", ["a.go", "a/b/c.go"], ["a.gox"]],
  ["/foo/bar", ["foo/bar", "foo/bar/x"], ["bar", "a/foo/bar"]],
  ["./foo/../bar", ["bar"], ["foo/bar"]],
  ["**", ["a", "a/b"], []],
  ["a/**", ["a/b", "a/b/c"], ["a", "ab"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb"]],
  ["*.md\n!README.md", ["notes.md"], ["README.md", "a/notes.md"]],
  ["*.md\n!README*.md\nREADME-secret.md", ["README-secret.md", "x.md"], ["README.md"]],
  ["docs\n!docs/keep", ["docs", "docs/x"], ["docs/keep", "docs/keep/y"]],
  ["# x\n  \n[a-c]1", ["b1"], ["d1", "# x"]],
  ["[^a-c]1", ["d1"], ["b1"]],
  ["a\\*b", ["a*b"], ["axb"]],
  ["a.b", ["a.b"], ["axb"]],
  ["[z-a]", [], ["z"]],
])("the patterns %j", (text, ignored, kept) => {
  const patterns = ignorePatterns(text);
  expect([...ignored, ...kept].filter((path) => patterns.ignores(path))).toEqual(ignored);
});

test("an ignored folder is looked into only where something in it may be kept", () => {
  const patterns = ignorePatterns("node_modules\ndata\n!data/small/x.csv");
  expect(
    ["node_modules", "data", "data/small", "data/large"].map((folder) => patterns.closes(folder)),
  ).toEqual([true, false, false, true]);
});
