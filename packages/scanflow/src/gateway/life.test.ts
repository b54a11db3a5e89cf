import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { Life } from "./life.ts";

function lifeOf(beatMs: number) {
  const over = new AbortController();
  const lost = Promise.withResolvers<number>();
  let isLost = false;
  const life = new Life({
    beatMs,
    heartbeatMs: null,
    over: over.signal,
    lost(silentMs) {
      isLost = true;
      life.end();
      lost.resolve(silentMs);
    },
  });
  life.watch();
  return { life, lost: lost.promise, isLost: () => isLost };
}

test("who gives no sign of life is lost", async () => {
  const { lost } = lifeOf(5);
  expect(await lost).toBeGreaterThanOrEqual(15);
});

test("nobody is lost because this process itself stood still", async () => {
  const { life, isLost } = lifeOf(50);
  // As when the machine slept: the timer fires before what came in the meantime is read.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await wait(1);
  expect(isLost()).toBe(false);
  life.end();
});
