import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { RunRow } from "../api/index.ts";
import { announce, chooseByStatus, chooseNewest } from "./choose-run.ts";
import { Output } from "./output.ts";

function rows(...statuses: RunRow["status"][]): RunRow[] {
  return statuses.map((status, at) => ({
    ...{ run: `r${at}`, application: "lab", workflow: "train", status, created: 0, finished: null },
  }));
}

function ids(choice: ReturnType<typeof chooseNewest>): string[] {
  return choice ? [choice.chosen, ...choice.others].map(({ run }) => run) : [];
}

test("of several statuses the first counts, then the newest run; every run with one of them could be meant", () => {
  const runs = rows("waiting", "succeeded", "interrupted", "paused", "interrupted");
  expect(ids(chooseByStatus(runs, ["interrupted", "paused", "waiting"]))).toEqual(["r2", "r0", "r3", "r4"]);
  expect(chooseByStatus(runs, ["running"])).toBeNull();
});

test("the newest run is chosen whatever became of it", () => {
  expect(
    ids(chooseNewest(rows("succeeded", "failed", "running", "cancelled"), ["failed", "cancelled"])),
  ).toEqual([...["r0", "r1", "r3"]]);
  expect(chooseNewest([], ["failed"])).toBeNull();
});

function announced(count: number, json = false): string[] {
  const err = new PassThrough();
  const output = new Output({ json, color: false, err: err as unknown as NodeJS.WriteStream });
  const [chosen, ...others] = rows(...Array.from({ length: count }, () => "paused" as const));
  if (chosen) announce({ chosen, others }, "pausing", output);
  return String(err.read() ?? "")
    .trimEnd()
    .split("\n");
}

test("a person is told which run it is and, of several, which else it could be", () => {
  expect(announced(1)).toEqual([
    expect.stringMatching(/^No run was named: pausing run r0 of train \(paused, started /),
  ]);
  expect(announced(3).slice(1)).toEqual([
    "Others that could be meant:",
    expect.stringMatching(/^ {2}r1 {2}train {2}paused {2}\d/),
    expect.stringMatching(/^ {2}r2 /),
  ]);
  expect(announced(8).at(-1)).toBe('  and 2 more; list them with "scanflow ls".');
  expect(announced(3, true)).toEqual([""]);
});
