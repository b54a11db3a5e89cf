import { expect, test } from "vitest";
import { WakeTimer } from "./wake-timer.ts";

const hour = 3_600_000;

/** The first call that a timer makes of those asked for, in order. */
function firstCall(timer: WakeTimer, delays: readonly number[]): Promise<number> {
  return new Promise((resolve) => {
    for (const delay of delays) timer.at(1000 + delay, 1000, () => resolve(delay));
  });
}

test.each([[[hour, 5]], [[5, hour]], [[hour, 5, 2 * hour]]])(
  "the earliest of the times asked for wins: %j",
  async (delays) => {
    const timer = new WakeTimer();
    expect(await firstCall(timer, delays)).toBe(5);
    expect(timer.set).toBe(false);
  },
);

test("a timer that was cleared is not set, and takes a later time than before", async () => {
  const timer = new WakeTimer();
  timer.at(1000, 1000, () => expect.unreachable("it was cleared"));
  timer.clear();
  expect(timer.set).toBe(false);
  expect(await firstCall(timer, [5])).toBe(5);
});
