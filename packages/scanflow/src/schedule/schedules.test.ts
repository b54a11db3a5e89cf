import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runIdAt } from "./run-id-at.ts";
import { keepSchedules, type ScheduledRun } from "./schedules.ts";

// The clock is the one thing that a test of a calendar cannot wait for.
beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-03-28T23:58:30Z") }));
afterEach(() => void vi.useRealTimers());

function kept(cron: string, { timezone = "UTC", fails = false } = {}) {
  const begun: ScheduledRun[] = [];
  const failures: string[] = [];
  const schedules = keepSchedules({
    plans: [{ workflow: "w", schedules: [{ cron, timezone, params: { seed: 7 } }] }],
    begin: async (run) => {
      begun.push(run);
      if (fails) throw new Error("no");
    },
    failed: (workflow) => failures.push(workflow),
  });
  return { begun, failures, schedules };
}

const at = (minute: string) => new Date(minute).getTime();

test("a run is begun each time that its schedule says, with its params and an id of that minute", async () => {
  const { begun, schedules } = kept("*/2 * * * *");
  expect(schedules.next).toEqual([{ workflow: "w", at: new Date("2026-03-29T00:00:00Z") }]);
  await vi.advanceTimersByTimeAsync(4 * 60_000);
  const due = { workflow: "w", cron: "*/2 * * * *", timezone: "UTC" };
  expect(begun).toEqual(
    ["2026-03-29T00:00:00Z", "2026-03-29T00:02:00Z"].map((minute) => ({
      id: runIdAt({ ...due, at: at(minute) }),
      workflow: "w",
      params: { seed: 7 },
    })),
  );
  schedules.stop();
  await vi.advanceTimersByTimeAsync(4 * 60_000);
  expect(begun).toHaveLength(2);
});

test("the clock is that of the schedule's zone, through the change to summer time", () => {
  const { schedules } = kept("30 3 * * *", { timezone: "Europe/Madrid" });
  // On this night 02:00 becomes 03:00, and 03:30 is 01:30 UTC.
  expect(schedules.next[0]?.at).toEqual(new Date("2026-03-29T01:30:00Z"));
});

test("a run that cannot be begun is told of and does not keep the next one", async () => {
  const { begun, failures, schedules } = kept("* * * * *", { fails: true });
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect([begun.length, failures.length]).toEqual([2, 2]);
  schedules.stop();
});

test("ids tell apart workflows, schedules and minutes, and sort by time", () => {
  const due = { workflow: "w", cron: "* * * * *", timezone: "UTC", at: at("2026-03-29T00:00:00Z") };
  const others = [
    { workflow: "v" },
    { cron: "0 * * * *" },
    { timezone: "Asia/Tokyo" },
    { at: due.at + 60_000 },
  ];
  const ids = [due, ...others.map((other) => ({ ...due, ...other }))].map(runIdAt);
  expect(new Set(ids).size).toBe(5);
  expect(ids.every((id) => /^[0-9a-hjkmnp-tv-z]{14}$/.test(id))).toBe(true);
  expect((ids[4] ?? "") > (ids[0] ?? "")).toBe(true);
});
