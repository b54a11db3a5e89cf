import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isRunOf, runIdAt } from "./run-id-at.ts";
import { keepSchedules, type ScheduledRun } from "./schedules.ts";

// The clock is the one thing that a test of a calendar cannot wait for.
beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-03-28T23:58:30Z") }));
afterEach(() => void vi.useRealTimers());

function kept(cron: string, { timezone = "UTC", fails = false } = {}) {
  const begun: ScheduledRun[] = [];
  const failures: string[] = [];
  const skips: string[] = [];
  const going = new Set<string>();
  const schedules = keepSchedules({
    plans: [{ workflow: "w", schedules: [{ cron, timezone, params: { seed: 7 } }] }],
    begin: async (run) => {
      begun.push(run);
      if (fails) throw new Error("no");
    },
    underWay: async () => [...going],
    skipped: (_workflow, run) => skips.push(run),
    failed: (workflow) => failures.push(workflow),
  });
  return { begun, failures, skips, going, schedules };
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

test("what is due while the schedule's last run is under way is left out; runs of others keep nobody", async () => {
  const { begun, skips, going, schedules } = kept("* * * * *");
  going.add("0000000000000z").add(runIdAt({ workflow: "w", cron: "0 0 * * *", timezone: "UTC", at: 0 }));
  await vi.advanceTimersByTimeAsync(60_000);
  const [first] = begun;
  going.add(first?.id ?? "");
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect([begun.length, skips]).toEqual([1, [first?.id, first?.id]]);
  going.delete(first?.id ?? "");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toHaveLength(2);
  schedules.stop();
});

test("at the end of summer time a fixed time comes once, and what comes every half hour goes on", async () => {
  vi.setSystemTime(new Date("2026-10-25T00:10:00Z"));
  const timezone = "Europe/Madrid";
  const once = kept("30 2 * * *", { timezone });
  const often = kept("*/30 * * * *", { timezone });
  await vi.advanceTimersByTimeAsync(2 * 60 * 60_000);
  expect([once.begun.length, often.begun.length]).toEqual([1, 4]);
  once.schedules.stop();
  often.schedules.stop();
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
  expect(ids.map((id) => isRunOf(id, due))).toEqual([true, false, false, false, true]);
});
