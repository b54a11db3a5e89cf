import fc from "fast-check";
import { expect, test } from "vitest";
import { all } from "./all.test.support.ts";
import { lines } from "./lines.ts";

test("lines come out whole, wherever the stream is cut", async () => {
  const text = fc.array(
    fc.string({ unit: "grapheme" }).filter((line) => !line.includes("\n")),
    { minLength: 1 },
  );
  const cuts = fc.array(fc.nat(200));
  await fc.assert(
    fc.asyncProperty(text, cuts, async (written, places) => {
      const bytes = Buffer.from(`${written.join("\n")}\n`);
      const at = [...new Set([0, ...places.filter((place) => place < bytes.length), bytes.length])];
      at.sort((a, b) => a - b);
      async function* body() {
        for (let next = 1; next < at.length; next++) yield bytes.subarray(at[next - 1], at[next]);
      }
      expect(await all(lines(body()))).toEqual(written);
    }),
  );
});
