import { expect, test } from "vitest";
import { itemText } from "./item-text.ts";

test.each([
  ["Turin", "Turin"],
  ["two\n words ", "two words"],
  ["", '""'],
  [" ", '" "'],
  [0.00012345, "0.00012345"],
  [null, "null"],
  [["a", 1], '["a",1]'],
  [{ rate: 0.1, kind: "deep net", layers: [64, 32] }, "kind=deep net layers=[64,32] rate=0.1"],
  [{}, "{}"],
])("the item %j is shown as %s", (item, text) => {
  expect(itemText(item)).toBe(text);
});
