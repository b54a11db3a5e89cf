import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { yamlText } from "./yaml.ts";

test("words that YAML 1.1 misreads are quoted", () => {
  const words = ["n", "y", "on", "OFF", "Yes", "no", "null", "~", "1e3", "0777", "8008:8003", "3.11", ""];
  const text = yamlText([Object.fromEntries(words.map((word) => [`is ${word}`, word]))]);
  for (const word of words) expect(text).toContain(`: "${word}"\n`);
  expect(yamlText([{ n: 1 }])).toBe('"n": 1\n');
});

test("both versions of YAML read back what was written", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (given) => {
      // As a plan has it: JSON knows no -0.
      const value: unknown = JSON.parse(JSON.stringify(given));
      const text = yamlText([value]);
      expect(parse(text)).toEqual(value);
      expect(parse(text, { version: "1.1", schema: "yaml-1.1" })).toEqual(value);
    }),
  );
});

/** Text of what means something in YAML. */
const tricky = fc
  .array(
    fc.constantFrom(
      ..."abn01.:-#?!&*|>%@`\"'{}[],= \t\n\r\\~^$<é\u0085\u00a0\u2028\ufeff\u{1f600}",
      ": ",
      " #",
      "- ",
      "\n  ",
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

test("text that means something in YAML is read back as text, as a key, a value and an item", () => {
  fc.assert(
    fc.property(tricky, tricky, (one, other) => {
      const value = { [one]: [other, { [other]: one, and: [[one], other] }] };
      const text = yamlText([value]);
      expect(parse(text)).toEqual(value);
      expect(parse(text, { version: "1.1", schema: "yaml-1.1" })).toEqual(value);
    }),
    { numRuns: 300 },
  );
});

test("texts of several lines are blocks, what is undefined is left out, and nothing is an alias", () => {
  const shared = { a: 1 };
  expect(yamlText([{ script: "echo one\necho two\n", gone: undefined, one: shared, two: shared }])).toBe(
    "script: |\n  echo one\n  echo two\none:\n  a: 1\ntwo:\n  a: 1\n",
  );
});

test("a header says what it is, and documents stand apart", () => {
  const text = yamlText([{ a: 1 }, { b: 2 }], { header: ["What it is.", "", "How to apply it."] });
  expect(text).toBe("# What it is.\n#\n# How to apply it.\na: 1\n---\nb: 2\n");
  expect(parseAllDocuments(text)).toHaveLength(2);
});
