import { expect, test } from "vitest";
import { LiveRegion } from "./live-region.ts";
import { TestTerminal } from "./terminal.test.support.ts";

function region(columns = 40, rows = 10) {
  const terminal = new TestTerminal(columns, rows);
  return { terminal, live: new LiveRegion(terminal as unknown as NodeJS.WriteStream) };
}

test("a region that is drawn again stands where it stood, and what is printed above it stays", () => {
  const { terminal, live } = region();
  live.draw(["a 1", "b 1", "c 1"]);
  live.draw(["a 2", "b 2"], ["one"]);
  live.draw(["a 3", "b 3", "c 3"], ["two", "three"]);
  expect(terminal.text).toEqual(["one", "two", "three", "a 3", "b 3", "c 3", ""]);
  expect(terminal.cursorShown).toBe(false);
  live.close({ keep: false });
  expect(terminal.text).toEqual(["one", "two", "three", ""]);
  expect(terminal.cursorShown).toBe(true);
});

test("it keeps its place when the screen scrolls", () => {
  const { terminal, live } = region(40, 5);
  const lines = ["a", "b", "c", "d"];
  const above = Array.from({ length: 30 }, (_, line) => `line ${line}`);
  live.draw(lines);
  for (const line of above) live.draw(lines, [line]);
  live.close({ keep: true });
  expect(terminal.text).toEqual([...above, ...lines, ""]);
});

test("after the terminal became narrower nothing of the old region is left", () => {
  const { terminal, live } = region(40, 10);
  live.draw(["x".repeat(35), "y"]);
  // What a terminal does that breaks long lines anew.
  terminal.columns = 20;
  terminal.lines.splice(0, 1, "x".repeat(20), "x".repeat(15));
  terminal.write("\n");
  terminal.lines.pop();
  live.draw(["a", "b"]);
  expect(terminal.text).toEqual(["a", "b", ""]);
});

test("closing what was never drawn writes nothing", () => {
  const { terminal, live } = region();
  live.close({ keep: false });
  expect(terminal.text).toEqual([""]);
});
