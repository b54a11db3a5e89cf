import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRange } from "./byte-range.ts";

test.each([
  ["bytes=0-0", 10, { start: 0, end: 0 }],
  ["bytes=3-", 10, { start: 3, end: 9 }],
  ["bytes=3-99", 10, { start: 3, end: 9 }],
  ["bytes=-3", 10, { start: 7, end: 9 }],
  ["bytes=-30", 10, { start: 0, end: 9 }],
  ["Bytes=1-2", 10, { start: 1, end: 2 }],
  ["bytes=10-", 10, "outside"],
  ["bytes=-0", 10, "outside"],
  ["bytes=0-", 0, "outside"],
  ["bytes=-1", 0, "outside"],
  ["bytes=5-4", 10, undefined],
  ["bytes=0-1,3-4", 10, undefined],
  ["lines=0-1", 10, undefined],
  ["bytes=-", 10, undefined],
  ["bytes=a-b", 10, undefined],
  [undefined, 10, undefined],
])("%s of %i bytes is %j", (header, size, part) => {
  expect(parseRange(header, size)).toEqual(part);
});

test("a part that is given lies inside the file and is no longer than asked", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(25), fc.nat(25), (size, first, last) => {
      const part = parseRange(`bytes=${first}-${last}`, size);
      if (part === undefined) expect(last).toBeLessThan(first);
      else if (part === "outside") expect(first).toBeGreaterThanOrEqual(size);
      else expect(part).toEqual({ start: first, end: Math.min(last, size - 1) });
    }),
  );
});
