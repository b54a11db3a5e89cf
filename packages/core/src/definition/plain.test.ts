import { expect, test } from "vitest";
import { plainCopy } from "./plain.ts";
import type { Finding } from "./problem.ts";

function copied(document: unknown): { readonly copy: unknown; readonly found: readonly Finding[] } {
  const found: Finding[] = [];
  const copy = plainCopy(document, (finding) => found.push(finding));
  return { copy, found };
}

test("plain data is copied; what is undefined is left out", () => {
  const document = {
    a: [1, -0, "x", null, true],
    b: undefined,
    c: Object.assign(Object.create(null), { d: 1 }),
  };
  expect(copied(document)).toEqual({ copy: { a: [1, 0, "x", null, true], c: { d: 1 } }, found: [] });
});

test("what JSON cannot carry is reported with its path, all of it", () => {
  const document = { a: [() => 1, Number.NaN], b: { c: new Date(0), d: 1n, e: Symbol("s"), f: new Map() } };
  const { copy, found } = copied(document);
  expect(copy).toBeUndefined();
  expect(found.map(({ path }) => path.join("."))).toEqual(["a.0", "a.1", "b.c", "b.d", "b.e", "b.f"]);
});

test("an object that holds itself is reported once; one that stands twice is fine", () => {
  const itself: Record<string, unknown> = {};
  itself.self = [itself];
  expect(copied({ itself }).found).toHaveLength(1);
  const shared = { cpu: 1 };
  expect(copied({ a: shared, b: [shared] })).toEqual({ copy: { a: { cpu: 1 }, b: [{ cpu: 1 }] }, found: [] });
});

test("a key that would be a prototype is refused", () => {
  const document: unknown = JSON.parse('{"a": {"__proto__": {"polluted": true}}}');
  expect(copied(document).found.map(({ code, path }) => [code, path.join(".")])).toEqual([
    ["SCANFLOW_DOCUMENT_INVALID", "a.__proto__"],
  ]);
});

test("depth and size are bounded, also where a few objects stand for very many", () => {
  const deep = Array.from({ length: 50_000 }).reduce<unknown>((inner) => [inner], 1);
  expect(copied(deep).found.map(({ code }) => code)).toEqual(["SCANFLOW_DOCUMENT_TOO_LARGE"]);
  const laughs = Array.from({ length: 30 }).reduce<unknown>((inner) => [inner, inner, inner], "lol");
  expect(copied(laughs).found.map(({ code }) => code)).toEqual(["SCANFLOW_DOCUMENT_TOO_LARGE"]);
});
