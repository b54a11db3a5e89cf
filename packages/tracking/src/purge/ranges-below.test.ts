import fc from "fast-check";
import { expect, test } from "vitest";
import { rangesBelow } from "./ranges-below.ts";

const name = fc.constantFrom("a", "a-b", "a0", "b", "\uffee", "\u{1f600}");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));

test("a path is in the ranges if it lies below the folder and not at or below a spared place in it", () => {
  fc.assert(
    fc.property(path, fc.array(path, { maxLength: 4 }), path, (folder, spared, asked) => {
      const lies = (place: string) => asked.startsWith(`${place}/`);
      const inside = spared.filter((place) => place === folder || place.startsWith(`${folder}/`));
      const wanted = lies(folder) && !inside.some((place) => asked === place || lies(place));
      const bytes = (text: string) => Buffer.from(text);
      const found = rangesBelow(folder, spared).filter(
        ([from, end]) => bytes(from).compare(bytes(asked)) <= 0 && bytes(asked).compare(bytes(end)) < 0,
      );
      expect(found).toHaveLength(wanted ? 1 : 0);
    }),
    { numRuns: 1000 },
  );
});
