import fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter } from "./line-splitter.ts";
import { Tail } from "./tail.ts";

test("a tail holds the newest whole lines", () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom("x", "y"), maxLength: 12 }), { maxLength: 30 });
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 40 }), (given, room) => {
      const tail = new Tail(room);
      for (const line of given) tail.push(Buffer.from(`${line}\n`));
      const all = given.map((line) => `${line}\n`).join("");
      const held = tail.read().toString();
      expect(all.endsWith(held)).toBe(true);
      expect(tail.total).toBe(all.length);
      if (all.length <= room) expect(held).toBe(all);
      else if (held.includes("\n")) expect(held.length).toBeLessThanOrEqual(room);
    }),
  );
});

test("lines come whole, however they are cut, and the last one gets its end", () => {
  const source = fc.string({ unit: fc.constantFrom("a", "\n", "é"), maxLength: 40 });
  fc.assert(
    fc.property(source, fc.array(fc.nat(50), { maxLength: 6 }), (text, places) => {
      const bytes = Buffer.from(text);
      const ends = [...places.map((place) => Math.min(place, bytes.length)), bytes.length].sort(
        (a, b) => a - b,
      );
      const taken: string[] = [];
      const lines = new LineSplitter((whole) => taken.push(whole.toString()));
      for (const [at, end] of ends.entries()) lines.write(bytes.subarray(ends[at - 1] ?? 0, end));
      lines.end();
      expect(taken.every((whole) => whole.endsWith("\n"))).toBe(true);
      expect(taken.join("")).toBe(text === "" || text.endsWith("\n") ? text : `${text}\n`);
    }),
  );
});

test("a line without end is broken", () => {
  const taken: number[] = [];
  const lines = new LineSplitter((whole) => taken.push(whole.length));
  for (let at = 0; at < 10; at++) lines.write(Buffer.alloc(60_000, "x"));
  lines.end();
  expect(Math.max(...taken)).toBeLessThan(200_000);
  expect(taken.reduce((sum, length) => sum + length - 1, 0)).toBe(600_000);
});
