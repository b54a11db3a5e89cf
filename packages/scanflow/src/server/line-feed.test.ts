import { expect, test } from "vitest";
import { LineFeed } from "./line-feed.ts";

function line(text: string, run = "r") {
  return { run, task: "t", attempt: 1, line: text };
}

test("one who comes later hears the newest lines, those after the event that is named", () => {
  let seq = 1;
  const feed = new LineFeed({ seq: () => seq, kept: 3 });
  for (const text of ["a", "b"]) feed.push(line(text));
  seq = 2;
  for (const text of ["c", "d", "e"]) feed.push(line(text));
  expect(feed.recent("r", 0).map((one) => one.line)).toEqual(["c", "d", "e"]);
  feed.push(line("f"));
  expect(feed.recent("r", 1).map((one) => one.line)).toEqual(["d", "e", "f"]);
  expect(feed.recent("r", 2)).toEqual([]);
});

test("lines of one run do not reach those who listen to another, nor those who have left", () => {
  const feed = new LineFeed({ seq: () => 0 });
  const heard: string[] = [];
  const leave = feed.listen("r", (one) => heard.push(one.line));
  feed.push(line("mine"));
  feed.push(line("other", "s"));
  leave();
  feed.push(line("late"));
  expect(heard).toEqual(["mine"]);
});

test("only so many runs are remembered, and endless lines are cut", () => {
  const feed = new LineFeed({ seq: () => 1, runs: 2 });
  for (const run of ["a", "b", "c"]) feed.push(line("x".repeat(10_000), run));
  expect(feed.recent("a", 0)).toEqual([]);
  expect(feed.recent("c", 0)[0]?.line.length).toBe(4001);
});
