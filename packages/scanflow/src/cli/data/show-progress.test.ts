import { afterEach, expect, test, vi } from "vitest";
import { Output } from "../output.ts";
import { TestTerminal } from "../progress/terminal.test.support.ts";
import { amountText, showProgress } from "./show-progress.ts";

afterEach(() => vi.useRealTimers());

/** Tells of ten files, one each so many milliseconds, and notes what stands on the terminal after each. */
function work(stepMs: number, json = false) {
  vi.useFakeTimers({ toFake: ["performance"] });
  const terminal = new TestTerminal(80, 10);
  const output = new Output({ json, color: false, out: terminal as unknown as NodeJS.WriteStream, env: {} });
  const seen: string[] = [];
  async function* messages() {
    for (let files = 1; files <= 10; files += 1) {
      vi.advanceTimersByTime(stepMs);
      yield { kind: "progress" as const, files, ofFiles: 10, bytes: files * 1024, ofBytes: 10_240 };
      seen.push(terminal.text.join("|"));
    }
    yield { kind: "done" as const, answer: 42 };
  }
  return { terminal, seen, done: showProgress(output, messages(), (at) => `Adding it: ${amountText(at)}`) };
}

test("a work that takes a while is shown on the terminal, and nothing of it stays", async () => {
  const { terminal, seen, done } = work(120);
  expect(await done).toEqual({ kind: "done", answer: 42 });
  expect(seen.slice(3, 6)).toEqual([
    "",
    "Adding it: 5 of 10 files, 5.0 KiB of 10.0 KiB|",
    "Adding it: 6 of 10 files, 6.0 KiB of 10.0 KiB|",
  ]);
  expect(terminal.text).toEqual([""]);
  expect(terminal.cursorShown).toBe(true);
});

test.each([
  ["a work that is soon over", 10, false],
  ["one whose result a program reads", 120, true],
])("%s draws nothing", async (_, stepMs, json) => {
  const { seen, done } = work(stepMs, json);
  await done;
  expect(seen.join("")).toBe("");
});

test("of one file only the bytes are told", () => {
  expect(amountText({ files: 0, ofFiles: 1, bytes: 512, ofBytes: 1024 })).toBe("512 B of 1.0 KiB");
});
