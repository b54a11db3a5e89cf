import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Figure } from "./figure.ts";
import { renderFigure } from "./render-figure.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("<script>alert(1)</script>", "\"'&", "\u202emoc", "]]>", "\u0000", "\ud800", "مرحبا"),
);
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, 0),
);
const values = fc.array(fc.option(number), { maxLength: 12 });
const axes = { title: text, x: text, y: text };

const figure: fc.Arbitrary<Figure> = fc.oneof(
  fc.record({
    kind: fc.constant("bars" as const),
    ...axes,
    categories: fc.array(text, { maxLength: 40 }),
    series: fc.array(fc.record({ name: text, values, low: values, high: values }), { maxLength: 9 }),
  }),
  fc.record({
    kind: fc.constant("histogram" as const),
    ...axes,
    edges: fc.array(number, { maxLength: 30 }),
    series: fc.array(fc.record({ name: text, shares: fc.array(number, { maxLength: 30 }) }), {
      maxLength: 9,
    }),
  }),
  fc.record({
    kind: fc.constant("lines" as const),
    ...axes,
    series: fc.array(
      fc.record({
        name: text,
        points: fc.array(fc.tuple(number, number), { maxLength: 30 }),
        band: fc.array(fc.tuple(number, number), { maxLength: 30 }),
      }),
      { maxLength: 9 },
    ),
    levels: fc.array(fc.record({ name: text, y: number }), { maxLength: 10 }),
    marks: fc.array(fc.record({ name: text, x: number }), { maxLength: 60 }),
  }),
  fc.record({
    kind: fc.constant("grid" as const),
    ...axes,
    rows: fc.array(text, { maxLength: 50 }),
    columns: fc.array(text, { maxLength: 50 }),
    values: fc.array(values, { maxLength: 50 }),
  }),
  fc.record({
    kind: fc.constant("table" as const),
    title: text,
    columns: fc.array(text, { maxLength: 12 }),
    rows: fc.array(fc.array(fc.oneof(text, fc.double({ noNaN: true }), fc.constant(null))), {
      maxLength: 30,
    }),
  }),
  fc.record({
    kind: fc.constant("images" as const),
    title: text,
    width: fc.integer({ min: 0, max: 5 }),
    height: fc.integer({ min: 0, max: 5 }),
    images: fc.array(fc.record({ caption: text, pixels: fc.array(number), overlay: fc.array(number) }), {
      maxLength: 30,
    }),
  }),
);

/** The tags of a text of markup, having seen that they open and close in order. */
function tagsOf(markup: string): string[] {
  const open: string[] = [];
  const tags: string[] = [];
  const rest = markup.replaceAll(
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>/g,
    (_, close, name, __, alone) => {
      tags.push(name);
      if (close) expect(open.pop()).toBe(name);
      else if (!alone) open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  return tags;
}

describe("any figure, of any texts and numbers", () => {
  test("is well-formed, and holds no other elements than those of drawings", () => {
    const known = ["svg", "title", "desc", "style", "rect", "text", "path", "circle", "g"];
    fc.assert(
      fc.property(figure, (any) => {
        const svg = renderFigure(any);
        expect(known).toEqual(expect.arrayContaining([...new Set(tagsOf(svg))]));
        expect(svg).not.toMatch(/="[^"]*(NaN|Infinity|undefined)/);
        expect(svg.isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("has a title and a description for those who do not see it", () => {
    const svg = renderFigure({
      kind: "bars",
      title: "Rows & <more>",
      x: "column",
      y: "share",
      categories: ["age"],
      series: [{ name: "now", values: [0.25] }],
    });
    expect(svg).toContain('role="img"');
    expect(svg).toContain("<title>Rows &amp; &lt;more&gt;</title>");
    expect(svg).toContain("<desc>share by column, now. age: 0.25.</desc>");
  });
});

test("bars begin at zero and are as long as their values", () => {
  const svg = renderFigure({
    kind: "bars",
    title: "t",
    x: "x",
    y: "y",
    categories: ["one", "two", "less"],
    series: [{ name: "a", values: [1, 2, -1] }],
  });
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="10"/g)].map(
    ([, x, width]) => [Number(x), Number(width)],
  );
  const [one = [], two = [], less = []] = bars;
  expect(two[1]).toBeCloseTo(2 * Number(one[1]), 1);
  expect(Number(less[0]) + Number(less[1])).toBeCloseTo(Number(one[0]), 1);
});

test("a line of many points keeps its peaks and stays small", () => {
  const points = Array.from({ length: 100_000 }, (_, x): [number, number] => [x, x === 54_321 ? 10 : 0]);
  const svg = renderFigure({ kind: "lines", title: "t", x: "x", y: "y", series: [{ name: "a", points }] });
  expect(svg.length).toBeLessThan(20_000);
  expect(svg).toMatch(/L[\d.]+ 64[L"]/);
});

test("bins of uneven width are labelled by their edges, even ones by round numbers", () => {
  const draw = (edges: number[]) =>
    renderFigure({
      kind: "histogram",
      title: "t",
      x: "x",
      y: "y",
      edges,
      series: [{ name: "a", shares: [0.5, 0.5] }],
    });
  expect(draw([0, 7, 1_234])).toContain(">1,234</text>");
  expect(draw([0, 5, 10])).toContain(">8</text>");
});

test("a page of figures has the style once", () => {
  const table: Figure = { kind: "table", title: "t", columns: ["a"], rows: [[1]] };
  expect(renderFigure(table)).toContain("<style>");
  expect(renderFigure(table, { styled: false })).not.toContain("<style>");
});

test("a picture of endless height is drawn, and done", () => {
  const images = [{ caption: "one", pixels: [1, 0] }];
  for (const height of [1e308, Number.POSITIVE_INFINITY, Number.NaN, -1, 2 ** 40]) {
    expect(renderFigure({ kind: "images", title: "t", width: 1, height, images })).toContain("one");
  }
});
