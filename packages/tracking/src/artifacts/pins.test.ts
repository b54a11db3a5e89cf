import { expect, test } from "vitest";
import { Pins, pinsOf } from "./pins.ts";

test("who pins what is being removed waits until it is gone, and then knows that it is", async () => {
  const pins = new Pins();
  const order: string[] = [];
  const { promise: asked, resolve: finish } = Promise.withResolvers<boolean>();
  const removal = pins.watch().removeUnlessHeld("a", async () => {
    const gone = await asked;
    order.push("removed");
    return gone;
  });
  pins.pin("a");
  const settled = pins.settled("a").then(() => order.push("settled"));
  await pins.settled("b");
  finish(true);
  expect(await removal).toBe(true);
  await settled;
  expect(order).toEqual(["removed", "settled"]);
});

test("of several sweeps that remove the same, each is waited for", async () => {
  const pins = new Pins();
  const [first, second] = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
  const removals = [first, second].map(({ promise }) => pins.watch().removeUnlessHeld("a", () => promise));
  first.resolve(true);
  await removals[0];
  pins.pin("a");
  const order: string[] = [];
  const settled = pins.settled("a").then(() => order.push("settled"));
  await pins.settled("b");
  order.push("removed");
  second.resolve(true);
  await Promise.all([settled, removals[1]]);
  expect(order).toEqual(["removed", "settled"]);
});

test("a removal that fails lets those who wait go on, and fails for the sweep", async () => {
  const pins = new Pins();
  const removal = pins.watch().removeUnlessHeld("a", () => Promise.reject(new Error("disk lost")));
  const settled = pins.settled("a");
  await expect(removal).rejects.toThrow("disk lost");
  await expect(settled).resolves.toBeUndefined();
});

test("each sweep forgets at its end what it saw released, however sweeps overlap", async () => {
  const pins = new Pins();
  const first = pins.watch();
  pins.pin("a")();
  const second = pins.watch();
  expect([first.isHeld("a"), second.isHeld("a")]).toEqual([true, false]);
  first.end();
  expect(await second.removeUnlessHeld("a", async () => true)).toBe(true);
});

test("one folder has one set of pins", () => {
  expect(pinsOf("/some/root")).toBe(pinsOf("/some/root"));
  expect(pinsOf("/some/root")).not.toBe(pinsOf("/other/root"));
});
