import fc from "fast-check";
import { expect, test } from "vitest";
import { coolDown } from "./cool-down.ts";
import { countWindows } from "./count-windows.ts";
import { restoreWindows } from "./restore-windows.ts";
import { timeWindows } from "./time-windows.ts";
import type { ClosedWindow, StreamWindows } from "./window.ts";

function closedBy(windows: StreamWindows, times: readonly number[]): ClosedWindow[] {
  return times.flatMap((timeMs, index) => windows.add({ position: index + 10, timeMs }));
}

const spans = (windows: readonly ClosedWindow[]) =>
  windows.map(({ startMs, endMs, positions, late }) => [
    startMs,
    endMs,
    positions.map((one) => one - 10),
    late,
  ]);

test("windows by count hold each record once, or slide", () => {
  const times = new Array<number>(7).fill(0);
  const positions = (windows: StreamWindows) => closedBy(windows, times).map((one) => one.positions);
  expect(positions(countWindows({ size: 3 }))).toEqual([
    [10, 11, 12],
    [13, 14, 15],
  ]);
  expect(positions(countWindows({ size: 4, slide: 2 }))).toEqual([
    [10, 11, 12, 13],
    [12, 13, 14, 15],
  ]);
  expect(positions(countWindows({ size: 1, slide: 3 }))).toEqual([[10], [13], [16]]);
});

test("windows of time close when a newer record comes, and leave out those where nothing happened", () => {
  const closed = closedBy(timeWindows({ sizeMs: 10 }), [1, 9, 10, 35, 52]);
  expect(spans(closed)).toEqual([
    [0, 10, [0, 1], 0],
    [10, 20, [2], 0],
    [30, 40, [3], 0],
  ]);
});

test("a record that is out of order counts within the lateness, and is told as late after it", () => {
  const closed = closedBy(timeWindows({ sizeMs: 10, latenessMs: 5 }), [3, 12, 9, 15, 4, 28, 35]);
  expect(spans(closed)).toEqual([
    [0, 10, [0, 2], 0],
    [10, 20, [1, 3], 1],
    [20, 30, [5], 0],
  ]);
});

test("sliding windows of time share their records", () => {
  const closed = closedBy(timeWindows({ sizeMs: 10, slideMs: 5 }), [0, 6, 11, 30]);
  expect(spans(closed)).toEqual([
    [-5, 5, [0], 0],
    [0, 10, [0, 1], 0],
    [5, 15, [1, 2], 0],
    [10, 20, [2], 0],
  ]);
});

const anyTimes = fc.array(fc.integer({ min: -200, max: 400 }), { maxLength: 60 });

test("every record is in all its windows or is counted late, whatever the order", () => {
  fc.assert(
    fc.property(anyTimes, fc.integer({ min: 1, max: 4 }), fc.nat(80), (times, share, latenessMs) => {
      const windows = timeWindows({ sizeMs: 20 * share, slideMs: 20, latenessMs });
      const closed = closedBy(windows, [...times, 100_000, 200_000]);
      const kept = new Map<number, number>();
      for (const { positions, startMs, endMs } of closed) {
        for (const position of positions) {
          kept.set(position, (kept.get(position) ?? 0) + 1);
          const time = times[position - 10] ?? 100_000;
          expect(time >= (startMs ?? 0) && time < (endMs ?? 0)).toBe(true);
        }
      }
      const late = closed.reduce((sum, one) => sum + one.late, 0);
      expect(kept.size + late).toBe(times.length + 1);
      expect(closed.map(({ number }) => number)).toEqual(closed.map((_, index) => index));
      const starts = closed.map(({ startMs }) => startMs ?? 0);
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    }),
  );
});

test("windows saved as JSON at any record close as if they had not been", () => {
  const makers = [
    () => countWindows({ size: 7, slide: 3 }),
    () => countWindows({ size: 2, slide: 5 }),
    () => timeWindows({ sizeMs: 30, slideMs: 10, latenessMs: 40 }),
  ];
  fc.assert(
    fc.property(anyTimes, fc.nat(60), fc.constantFrom(...makers), (times, stop, make) => {
      let windows = make();
      const closed = times.flatMap((timeMs, index) => {
        if (index === stop) windows = restoreWindows(JSON.stringify(windows.state()));
        return windows.add({ position: index + 10, timeMs });
      });
      expect(closed).toEqual(closedBy(make(), times));
    }),
  );
});

test.each([
  [() => countWindows({ size: 0 }), '"size" is 0'],
  [() => countWindows({ size: 5, slide: 1.5 }), '"slide" is 1.5'],
  [() => timeWindows({ sizeMs: 10, slideMs: 20 }), '"slideMs" is 20'],
  [() => timeWindows({ sizeMs: 10, latenessMs: -1 }), '"latenessMs" is -1'],
])("settings out of range are refused (%#)", (make, message) => {
  expect(make).toThrow(message);
  expect(make).toThrow(expect.objectContaining({ code: "SCANFLOW_CHECK_OPTION_INVALID" }));
});

test("a position that does not rise and a time that is none are refused", () => {
  const windows = timeWindows({ sizeMs: 10 });
  windows.add({ position: 3, timeMs: 0 });
  expect(() => windows.add({ position: 3, timeMs: 1 })).toThrow("the position 3 after 3");
  expect(() => windows.add({ position: 4, timeMs: Number.NaN })).toThrow("the time NaN");
});

test.each([
  ["another kind", { ...countWindows({ size: 3 }).state(), windows: "moon" }, '"windows" is "moon"'],
  [
    "more positions than fit",
    { ...countWindows({ size: 3 }).state(), memory: { seen: 0, number: 0, positions: [[0, 1e9]], last: 0 } },
    '"memory.positions[0]" is [0,1000000000]',
  ],
  [
    "items that are none",
    {
      ...timeWindows({ sizeMs: 3 }).state(),
      memory: { number: 0, late: 0, newest: 1, last: 1, items: [[1]] },
    },
    '"memory.items[0]" is missing',
  ],
])("a state with %s is refused", (_, state, message) => {
  expect(() => restoreWindows(state)).toThrow(message);
  expect(() => restoreWindows(state)).toThrow(
    expect.objectContaining({ code: "SCANFLOW_DETECTOR_STATE_INVALID" }),
  );
});

test("after an alarm is told, the next windows are quiet; a restart keeps count", () => {
  const first = coolDown({ windows: 2 });
  expect([first.tells("ok"), first.tells("alarm"), first.tells("alarm")]).toEqual([false, true, false]);
  const second = coolDown({ windows: 2, state: first.state() });
  expect([second.tells("warning"), second.tells("alarm")]).toEqual([false, true]);
});
