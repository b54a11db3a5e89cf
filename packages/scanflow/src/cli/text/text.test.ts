import fc from "fast-check";
import { expect, test } from "vitest";
import { duration } from "./duration.ts";
import { headline } from "./headline.ts";
import { shellWord } from "./shell-word.ts";
import { size } from "./size.ts";
import { table } from "./table.ts";
import { valueText, words } from "./value.ts";
import { clip, clipMiddle, printable, widthOf } from "./width.ts";

test.each([
  [-5, "0.0 s"],
  [49, "0.0 s"],
  [12_345, "12.3 s"],
  [59_949, "59.9 s"],
  [59_950, "1 m 00 s"],
  [3_599_400, "59 m 59 s"],
  [3_599_600, "1 h 00 m"],
  [90 * 60_000, "1 h 30 m"],
])("%d ms are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [5 * 2 ** 40, "5.0 TiB"],
  [5 * 2 ** 50, "5120.0 TiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

test.each([
  [0.972222, "0.9722"],
  [0.95, "0.9500"],
  [3, "3"],
  [0.00012345, "0.0001234"],
  [12_345_678.9, "1.235e+7"],
  ["mlp", "mlp"],
  [true, "true"],
  [null, "null"],
  [["a", 1], '["a",1]'],
] as const)("the value %j is shown as %s", (value, text) => {
  expect(valueText(value)).toBe(text);
});

test.each(["test_accuracy", "testAccuracy", "test-accuracy", "test accuracy", "TestAccuracy"])(
  "%s in words is: test accuracy",
  (name) => {
    expect(words(name)).toBe("test accuracy");
  },
);

test("a clipped text is never wider than asked, and one that fits stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 30 }), (text, width) => {
      const plain = printable(text);
      for (const shown of [clip(plain, width), clipMiddle(plain, width)]) {
        expect(widthOf(shown)).toBeLessThanOrEqual(width);
        if (widthOf(plain) <= width) expect(shown).toBe(plain);
      }
    }),
  );
});

test.each([
  ["data/part-0001.csv", 11, "data/…1.csv"],
  ["数据/part-0001", 8, "数据…001"],
  ["abc", 2, "a…"],
])("%s in %d columns without its middle is %s", (text, width, shown) => {
  expect(clipMiddle(text, width)).toBe(shown);
});

test.each([
  ["\u001b[31mred\u001b[0m \u001b]0;title\u0007done", "red done"],
  ["10%\r50%\r100%\r", "100%"],
  ["a\tb\u0007c\u2028d\u0085", "a  bcd"],
  ["数据 ok", "数据 ok"],
])("the line %j is printed as %j", (line, text) => {
  expect(printable(line)).toBe(text);
});

test.each([
  ["train/softmax", "train/softmax"],
  ["fit[2]", "'fit[2]'"],
  ["it's", "'it'\\''s'"],
])("%s is copied into a shell as %s", (word, text) => {
  expect(shellWord(word)).toBe(text);
});

test("wide characters take two columns and marks none", () => {
  expect(widthOf("数a\u0301")).toBe(3);
});

test("an error's headline leaves out the log that it quotes", () => {
  const message = 'Task "t" failed with exit code 3. The last lines of its log:\noh no\nCorrect it.';
  expect(headline(message)).toBe('Task "t" failed with exit code 3.');
  expect(headline("One line.")).toBe("One line.");
  expect(headline("No sentence:\nmore")).toBe("No sentence:");
});

test("line breaks in an error's message are folded, so what to do next is seen", () => {
  expect(headline('It is "a\r\n b" and wrong.\nCorrect it.')).toBe('It is "a b" and wrong. Correct it.');
});

test("columns of a table stand one below the other, whatever their style", () => {
  expect(
    table([
      ["数", "x", "end"],
      ["\u001b[1mabc\u001b[22m", "", "y"],
    ]),
  ).toEqual(["数   x  end", "\u001b[1mabc\u001b[22m     y"]);
});
