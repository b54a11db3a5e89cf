import fc from "fast-check";
import { expect, test } from "vitest";
import { shorten, textWidth } from "./text-width.ts";

test("a text is cut to the width, and only when it is too wide", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 10, max: 300 }), (text, width) => {
      const short = shorten(text, 10, width);
      expect(textWidth(short, 10)).toBeLessThanOrEqual(Math.max(width, textWidth("…", 10)));
      if (textWidth(text, 10) <= width) expect(short).toBe(text);
      else expect(short.endsWith("…")).toBe(true);
    }),
  );
});

test("wide characters take more room than narrow ones", () => {
  const widths = ["iiii", "aaaa", "AAAA", "MMMM", "文文文文"].map((text) => textWidth(text, 10));
  expect(widths).toEqual(widths.toSorted((a, b) => a - b));
  expect(new Set(widths).size).toBe(widths.length);
});
