import { spawn } from "node:child_process";
import { expect, onTestFinished, test, vi } from "vitest";
import { UsageSampler } from "./usage-sampler.ts";

/** A process in a group of its own that does nothing until the test ends. */
function idle(): number {
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.pid === undefined) throw new Error("sleep did not start");
  return child.pid;
}

function testSampler(): UsageSampler {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
  return new UsageSampler();
}

test.each(["has ended", "still runs"])(
  "a command is looked at soon after its start, also when one before it is old and %s",
  (before) => {
    const sampler = testSampler();
    const old = sampler.watch(idle());
    vi.advanceTimersByTime(10_000);
    expect(old.usage.peakMemory).toBeGreaterThan(0);
    // Just after a look at the old one, so that the next is a quarter of a second away.
    const { nextAt } = old;
    while (old.nextAt === nextAt) vi.advanceTimersByTime(1);
    if (before === "has ended") sampler.unwatch(old);
    const young = sampler.watch(idle());
    vi.advanceTimersByTime(25);
    expect(young.usage.peakMemory).toBeGreaterThan(0);
  },
);

test("a command is measured whose number another process had before", () => {
  const sampler = testSampler();
  const number = idle();
  sampler.watch(idle());
  vi.advanceTimersByTime(100);
  const meter = sampler.watch(number);
  vi.advanceTimersByTime(1000);
  expect(meter.usage.peakMemory).toBeGreaterThan(0);
});
