import fc from "fast-check";
import { expect, test } from "vitest";
import { hiddenTexts, Mask } from "./mask.ts";

/** Texts over a small alphabet, so that secrets overlap, nest and repeat. */
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength, maxLength });

function masked(texts: readonly string[], chunks: readonly Buffer[]): string {
  const mask = new Mask(texts);
  return Buffer.concat([...chunks.map((chunk) => mask.write(chunk)), mask.end()]).toString();
}

test("however a stream is cut, the same is hidden as in the whole", () => {
  const cuts = fc.array(fc.nat(60), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text(1, 5), { maxLength: 4 }), text(0, 60), cuts, (secrets, whole, places) => {
      const bytes = Buffer.from(whole);
      const ends = [...places.map((place) => Math.min(place, bytes.length)), bytes.length].sort(
        (a, b) => a - b,
      );
      const chunks = ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
      expect(masked(secrets, chunks)).toBe(masked(secrets, [bytes]));
    }),
    { numRuns: 2000 },
  );
});

test("no secret is left where secrets do not overlap", () => {
  const secrets = ["s3cr3t", "s3cr3t-and-more", "$^.*"];
  expect(masked(secrets, [Buffer.from("x s3cr3t-and-more s3cr3t s3cr3t-and $^.* y")])).toBe(
    "x *** *** ***-and *** y",
  );
});

test("what cannot become a secret is not held back", () => {
  const mask = new Mask(["secret"]);
  expect(mask.write(Buffer.from("hello se")).toString()).toBe("hello ");
  expect(mask.write(Buffer.from("nd")).toString()).toBe("send");
});

test("a secret is hidden in the forms in which it is printed", () => {
  const key = '-----BEGIN-----\n"quoted"/x y\n-----END-----';
  const lines = [
    key.split("\n")[1],
    JSON.stringify({ key }),
    `https://host/?key=${encodeURIComponent(key)}`,
    Buffer.from(key).toString("base64"),
  ].join("\n");
  const shown = masked(hiddenTexts([key]), [Buffer.from(lines)]);
  expect(shown).not.toMatch(/quoted|BEGIN|LS0tLS1/);
  expect(shown.split("\n")).toHaveLength(4);
});

test("the shortest texts are left alone, or nothing could be read", () => {
  expect(hiddenTexts(["", "a", "ab", "abc"])).toEqual(["abc", "YWJj"]);
});
