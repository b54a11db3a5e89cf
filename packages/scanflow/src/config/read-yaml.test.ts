import { errorCode, parseApplication } from "@scanflow/core";
import { expect, test } from "vitest";
import { parseYaml } from "./read-yaml.ts";

test("a part of the document is found by line and column, of its key or of what is nearest", () => {
  const { locate } = parseYaml("a: 1\nb:\n  - x: 1\n    y: 2\n  - &z {k: v}\nc: *z\n", "scanflow.yaml");
  expect(locate([])).toEqual({ line: 1, column: 1 });
  expect(locate(["b", 0, "y"])).toEqual({ line: 4, column: 5 });
  expect(locate(["b", 1])).toEqual({ line: 5, column: 8 });
  expect(locate(["c", "k"])).toEqual({ line: 5, column: 9 });
  expect(locate(["b", 0, "missing", "deeper"])).toEqual({ line: 3, column: 5 });
  expect(locate(["b", 7])).toEqual({ line: 2, column: 1 });
});

test("every problem of a definition carries its line and column", () => {
  const text = `application: digits
workflows:
  digits:
    nodes:
      split:
        run: python split.py
        outputs: [train]
        retri: 3
      fit:
        run: python fit.py
        inputs: {data: split.trian}
`;
  const { document, locate } = parseYaml(text, "scanflow.yaml");
  const parsed = parseApplication(document, { file: "scanflow.yaml", locate });
  const problems = parsed.ok ? [] : parsed.problems;
  expect(problems.map(({ code, place, suggestion }) => [code, place.line, place.column, suggestion])).toEqual(
    [
      ["SCANFLOW_KEY_UNKNOWN", 8, 9, "retry"],
      ["SCANFLOW_OUTPUT_UNKNOWN", 11, 18, "split.train"],
    ],
  );
});

test("all errors of the text are listed, duplicate keys too", () => {
  const caught = attempt("a: 1\na: 2\nb: [1\nc: !!python/object x\n");
  expect(errorCode(caught)).toBe("SCANFLOW_CONFIG_SYNTAX");
  expect(String(caught)).toContain('scanflow.yaml:2:1 The key "a" stands twice');
  expect(String(caught)).toMatch(/scanflow\.yaml:[34]:\d+ /);
});

test("a tag that is not of YAML's core is refused, not taken for text", () => {
  expect(String(attempt("application: !!python/object:os.system x"))).toContain("python/object");
});

test.each([
  ["a key that is a mapping", "? {a: 1}\n: 1\n"],
  ["two documents", "a: 1\n---\nb: 2\n"],
  ["a billion laughs", billionLaughs()],
  ["a hundred thousand open brackets", "[".repeat(100_000)],
  ["a hundred thousand closed brackets", "[".repeat(100_000) + "]".repeat(100_000)],
])("%s: a coded error", (_, text) => {
  expect(errorCode(attempt(text))).toBe("SCANFLOW_CONFIG_SYNTAX");
});

test("ten thousand nodes are read, and keys that stand twice among them found", () => {
  const nodes = Array.from(
    { length: 10_000 },
    (_, index) => `      n${index}: {run: "x", after: [${index ? `n${index - 1}` : ""}]}`,
  );
  const text = (lines: readonly string[]) =>
    `application: a\nworkflows:\n  w:\n    nodes:\n${lines.join("\n")}\n`;
  expect(parseApplication(parseYaml(text(nodes), "scanflow.yaml").document).ok).toBe(true);
  expect(String(attempt(text([...nodes, "      n7: {}"])))).toContain(
    'scanflow.yaml:10005:7 The key "n7" stands twice',
  );
});

test.each([
  ["an anchor that holds itself", "application: a\nworkflows: &w {w: *w}\n"],
  ["an empty file", ""],
  ["a list", "- a\n"],
  ["infinity", "application: a\nworkflows: {w: {nodes: {n: {run: x, resources: {cpu: .inf}}}}}\n"],
  ["a prototype", "__proto__: {application: x}\n"],
])("%s: problems, no crash", (_, text) => {
  const caught = attempt(text);
  const parsed =
    caught === undefined ? parseApplication(parseYaml(text, "scanflow.yaml").document) : undefined;
  expect(parsed ? parsed.ok : errorCode(caught) !== "SCANFLOW_CONFIG_SYNTAX").toBe(false);
});

function billionLaughs(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const inner = level === 0 ? "lol" : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => inner).join(",")}]`;
  });
  return levels.join("\n");
}

function attempt(text: string): unknown {
  try {
    parseYaml(text, "scanflow.yaml");
    return undefined;
  } catch (error) {
    return error;
  }
}
