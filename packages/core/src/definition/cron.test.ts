import { expect, test } from "vitest";
import { cronProblem } from "./cron.ts";

test.each([
  "* * * * *",
  "30 2 * * *",
  "*/15 0-6,22,23 1-31/2 JAN,jul-SEP MON-FRI",
  "0 0 29 2 *",
  "0 0 31 2 MON",
  "59 23 31 12 0-6/6",
])("%s is a time", (cron) => {
  expect(cronProblem(cron)).toBeUndefined();
});

test.each([
  ["", "five fields (minute, hour, day of the month, month, day of the week), found 0"],
  ["0 0 0 1 1 *", "found 6"],
  ["60 * * * *", 'minute: expected 0 to 59, found "60"'],
  ["* 24 * * *", 'hour: expected 0 to 23, found "24"'],
  ["* * 0 * *", "day of the month: expected 1 to 31"],
  ["* * * 13 *", "month: expected 1 to 12 or JAN to DEC"],
  ["* * * FEBR *", 'found "FEBR"'],
  ["* * * * 7", 'day of the week: expected 0 to 6 or SUN to SAT (Sunday is 0), found "7"'],
  ["* 22-2 * * *", "write two, such as 22-23,0-2"],
  ["* * * * FRI-SUN", "write two, such as FRI-6,0-SUN"],
  ["5/15 * * * *", "write 5-59/15"],
  ["*/0 * * * *", "expected a step of 1 to 60, found 0"],
  ["*/61 * * * *", "expected a step of 1 to 60, found 61"],
  ["1,,2 * * * *", 'found ""'],
  ["1- * * * *", 'found "1-"'],
  ["-1 * * * *", 'found "-1"'],
  ["1-2-3 * * * *", 'found "1-2-3"'],
  ["1.5 * * * *", 'found "1.5"'],
  ["* * ? * *", 'found "?"'],
  ["* * L * *", 'found "L"'],
  ["* * * * MON#1", 'found "MON#1"'],
  ["+1 * * * *", 'found "+1"'],
  ["0 0 31 2,4,6 *", "it would never run"],
])("%j is refused: %s", (cron, why) => {
  expect(cronProblem(cron)?.message).toContain(why);
});

test("a short form is told in five fields", () => {
  expect(cronProblem("@daily")?.suggestion).toBe("0 0 * * *");
  expect(cronProblem("@reboot")?.suggestion).toBeUndefined();
});
