import { expect, test } from "vitest";
import { ItemNames } from "./item-names.ts";

const names = new ItemNames([
  { id: "fetch", items: ["Turin", "a\u001b[31mb"] },
  { id: "train", items: [0.1, { rate: 0.5, depth: 2 }] },
  { id: "train[1]/fit", items: [null, `${"very/".repeat(10)}far/part-0001.csv`] },
  { id: "list", items: null },
]);

test.each([
  ["fetch[0]", "fetch[0] (Turin)"],
  ["fetch[1]", "fetch[1] (ab)"],
  ["train[0]/prep", "train[0]/prep (0.1)"],
  ["train[1]/fit[0]", "train[1]/fit[0] (depth=2 rate=0.5, null)"],
  ["train[1]/fit[1]", "train[1]/fit[1] (depth=2 rate=0.5, very/very/very/v…r/part-0001.csv)"],
])("%s is called %s", (id, label) => {
  expect(names.label(id)).toBe(label);
});

test.each(["list", "fetch", "fetch[2]", "unknown[0]"])("%s has no item that is known", (id) => {
  expect(names.label(id)).toBe(id);
  expect(names.item(id)).toBe("");
});

test("the item of the last index stands alone", () => {
  expect(names.item("train[1]/fit[0]")).toBe("null");
  expect(names.item("train[1]/fit")).toBe("");
});
