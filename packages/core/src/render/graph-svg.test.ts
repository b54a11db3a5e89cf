import { expect, test } from "vitest";
import { graphSvg, type PictureEdge, type PictureNode } from "./graph-svg.ts";
import { parseXml, type XmlElement } from "./xml.test.support.ts";

const node = (id: string, more: Partial<PictureNode> = {}): PictureNode => ({
  ...{ id, kind: "executor", shape: "task", name: id, remark: "", details: [] },
  ...more,
});

const edge = (from: string, to: string, more: Partial<PictureEdge> = {}): PictureEdge => ({
  ...{ from, to, kind: "data", label: null },
  ...more,
});

const texts = (elements: readonly XmlElement[], name: string) =>
  elements.flatMap((element) => (element.name === name ? [element.text] : []));

test("names, remarks, labels and what is told on hover stand in well-formed XML, whatever they hold", async () => {
  const nodes = [node("a", { name: `<"&'>`, remark: "by ann", details: ["rate = 0.5"] }), node("b")];
  const svg = await graphSvg({ title: "a & b", nodes, edges: [edge("a", "b", { label: "x < y" })] });
  const elements = parseXml(svg);
  expect(texts(elements, "text")).toEqual([`<"&'>`, "by ann", "b", "x < y"]);
  expect(texts(elements, "title")).toEqual(
    expect.arrayContaining(["a & b", `<"&'>\nby ann\nrate = 0.5`, "a → b: x < y"]),
  );
});

test("what comes later stands further right, inside the picture, joined by an arrow of its kind", async () => {
  const picture = {
    title: "chain",
    nodes: ["c", "a", "b"].map((id) => node(id)),
    edges: [edge("a", "b"), edge("b", "c", { kind: "value" })],
  };
  const elements = parseXml(await graphSvg(picture));
  const shapes = elements.filter(({ attributes }) => attributes.get("class") === "shape");
  const [c = 0, a = 0, b = 0] = shapes.map(({ attributes }) => Number(attributes.get("x")));
  expect([a < b, b < c]).toEqual([true, true]);
  const heads = elements.flatMap(({ attributes }) => attributes.get("marker-end") ?? []);
  expect(heads).toEqual(["url(#scanflow-plan-data)", "url(#scanflow-plan-value)"]);
});

test("an edge to what is not drawn is left out, and nothing at all is a picture too", async () => {
  const dangling = await graphSvg({ title: "t", nodes: [node("a")], edges: [edge("a", "gone")] });
  expect(dangling).not.toContain("marker-end");
  expect(parseXml(await graphSvg({ title: "t", nodes: [], edges: [] })).at(0)?.name).toBe("svg");
});
