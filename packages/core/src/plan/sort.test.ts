import fc from "fast-check";
import { expect, test } from "vitest";
import { type Draft, linkOrder } from "./draft.ts";
import { sortTopologically } from "./sort.ts";

function drafts(count: number): readonly Draft[] {
  return Array.from({ length: count }, (_, position) => ({
    id: `t${position}`,
    name: `t${position}`,
    position,
    description: "",
    group: "",
    maps: [],
    links: new Map(),
    guards: [],
    when: null,
    body: null,
    spared: null,
  }));
}

/** Over and over the first one written whose upstreams are all there. */
function naively(all: readonly Draft[]): readonly Draft[] {
  const sorted: Draft[] = [];
  while (sorted.length < all.length) {
    const next = all.find(
      (draft) =>
        !sorted.includes(draft) &&
        [...draft.links.values()].every(({ upstream }) => sorted.includes(upstream)),
    );
    if (!next) throw new Error("a ring");
    sorted.push(next);
  }
  return sorted;
}

test("takes the first written of those that may come next", () => {
  const count = 24;
  const pair = fc.tuple(fc.nat(count - 1), fc.nat(count - 1));
  const ranks = fc.uniqueArray(fc.nat(1000), { minLength: count, maxLength: count });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 60 }), ranks, (pairs, rank) => {
      const all = drafts(count);
      for (const [a, b] of pairs) {
        const [one, other] = [all[a], all[b]];
        if (!one || !other || one === other) continue;
        const forward = (rank[a] ?? 0) < (rank[b] ?? 0);
        linkOrder(forward ? other : one, forward ? one : other, "succeeded");
      }
      expect(sortTopologically(all).map(({ id }) => id)).toEqual(naively(all).map(({ id }) => id));
    }),
  );
});

test("names the tasks of a ring and no others", () => {
  const [a, b, c, d] = drafts(4);
  if (!a || !b || !c || !d) throw new Error("four drafts were asked for");
  linkOrder(b, a, "succeeded");
  linkOrder(c, b, "succeeded");
  linkOrder(b, c, "succeeded");
  linkOrder(d, c, "succeeded");
  expect(() => sortTopologically([a, b, c, d])).toThrow(/wait for each other: (t1 → t2 → t1|t2 → t1 → t2)\./);
});
