import { expect, test } from "vitest";
import { drawingOf } from "./drawing.ts";
import { SAMPLE } from "./sample.test.support.ts";

const drawing = drawingOf(SAMPLE);

function edgeLines(): readonly string[] {
  return drawing.edges.map(
    ({ from, to, kind, label }) => `${from} ${kind} ${to}${label ? ` [${label}]` : ""}`,
  );
}

test("every edge is drawn once, as the strongest of its kind, from the ends a reader knows", () => {
  expect([...edgeLines()].sort()).toEqual(
    [
      "split data train/fit",
      "train value pick",
      'pick order small [tasks.train.status == "succeeded" and params.fast]',
      "small order large [if it failed]",
      "pick order slow [otherwise]",
      "split data slow/fit",
      "slow order slower",
      "slow/fit data slower",
      "train order check",
      "train/fit data check",
      "check order release",
    ].sort(),
  );
});

test("an entry is its box, and a map is one node with the task that it repeats", () => {
  expect(drawing.boxes.map(({ id, tracker }) => [id, tracker?.name])).toEqual([
    ["", undefined],
    ["train", "tracker-models"],
    ["slow", "tracker-models"],
  ]);
  expect(drawing.nodes.map(({ id }) => id)).not.toContain("train");
  expect(drawing.nodes.find(({ id }) => id === "slower")).toMatchObject({
    task: { id: "slower[*]" },
    map: { id: "slower" },
  });
});
