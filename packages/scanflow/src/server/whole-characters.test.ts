import fc from "fast-check";
import { expect, test } from "vitest";
import { wholeCharacters } from "./whole-characters.ts";

test("pages of any size put together give the text again", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
      fc.integer({ min: 4, max: 9 }),
      (text, size) => {
        const bytes = Buffer.from(text);
        let read = "";
        for (let offset = 0; offset < bytes.length; ) {
          const page = wholeCharacters(bytes.subarray(offset, offset + size));
          expect(page.length).toBeGreaterThan(0);
          read += page.toString("utf8");
          offset += page.length;
        }
        expect(read).toBe(text);
      },
    ),
  );
});

test("bytes that are no text stay as they are", () => {
  const bytes = Buffer.from([0x61, 0x80, 0x80, 0x80, 0x80]);
  expect(wholeCharacters(bytes)).toEqual(bytes);
});
