import { expect, test } from "vitest";
import { planSvg } from "./plan-svg.ts";
import { SAMPLE } from "./sample.test.support.ts";
import { parseXml } from "./xml.test.support.ts";

test("every box, node and line has a title to hover over and a label to be read out", async () => {
  const elements = parseXml(await planSvg(SAMPLE));
  const labels = elements.flatMap(({ name, attributes }) =>
    name === "g" ? (attributes.get("aria-label") ?? []) : [],
  );
  expect(labels).toEqual(
    expect.arrayContaining([
      "workflow main",
      "train: workflow models",
      "train/fit: executor",
      "pick: choice",
      "slower: executor, once per item",
      "release: approval",
      "train/fit → check: data",
      "check → release: order only",
      "pick → slow: order only, otherwise",
    ]),
  );
  const titles = elements.filter(({ name }) => name === "title").map(({ text }) => text);
  expect(titles).toContain("train: workflow models\ntracker tracker-models on port 8008");
  expect(titles).toContain("train/fit: executor\ndata ← split.data\ngives model");
});

test("each workflow's own tracker is written on its box", async () => {
  const elements = parseXml(await planSvg(SAMPLE));
  const texts = elements.filter(({ name }) => name === "text").map(({ text }) => text);
  expect(texts.filter((text) => text === "tracker-models :8008")).toHaveLength(2);
});

test("the theme follows the reader unless it is given", async () => {
  const [auto, light, dark] = await Promise.all([
    planSvg(SAMPLE),
    planSvg(SAMPLE, { theme: "light" }),
    planSvg(SAMPLE, { theme: "dark" }),
  ]);
  expect(auto).toContain("prefers-color-scheme:dark");
  expect(light).not.toContain("prefers-color-scheme");
  expect(dark).not.toContain("prefers-color-scheme");
  expect(dark).not.toBe(light);
});

test("the same plan gives the same picture", async () => {
  expect(await planSvg(structuredCopy())).toBe(await planSvg(SAMPLE));
});

function structuredCopy(): typeof SAMPLE {
  return JSON.parse(JSON.stringify(SAMPLE));
}
