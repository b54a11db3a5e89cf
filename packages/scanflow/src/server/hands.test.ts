import { expect, test } from "vitest";
import { Hands } from "./hands.ts";

test("it is idle when the last run has come to rest, however it did", async () => {
  const hands = new Hands(new AbortController().signal);
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  hands.hold(first.promise);
  hands.hold(second.promise);
  const order: string[] = [];
  const idle = hands.idle().then(() => order.push("idle"));
  first.resolve();
  await first.promise;
  order.push("first");
  second.reject(new Error("broken"));
  await idle;
  expect(order).toEqual(["first", "idle"]);
  expect(hands.busy).toBe(false);
});

test("a request that came before the end is waited for; one after it is refused", async () => {
  const closing = new AbortController();
  const hands = new Hands(closing.signal);
  const request = Promise.withResolvers<string>();
  const taken = hands.taking(() => request.promise);
  closing.abort();
  await expect(hands.taking(async () => "late")).rejects.toMatchObject({ code: "SCANFLOW_OWNER_CLOSING" });
  let over = false;
  const all = hands.taken().then(() => {
    over = true;
  });
  await Promise.resolve();
  expect(over).toBe(false);
  request.resolve("done");
  expect(await taken).toBe("done");
  await all;
});

test("what is taken on while the end is still being heard is waited for as well", async () => {
  const hands = new Hands(new AbortController().signal);
  const [heard, request] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  hands.attend(heard.promise);
  const order: string[] = [];
  const idle = hands.idle().then(() => order.push("idle"));
  const taken = hands.taking(() => request.promise).then(() => order.push("taken"));
  heard.resolve();
  // So that everything that follows from it has happened.
  await new Promise(setImmediate);
  request.resolve();
  await Promise.all([idle, taken]);
  expect(order).toEqual(["taken", "idle"]);
});

test("it waits for those who follow to have heard the end", async () => {
  const hands = new Hands(new AbortController().signal);
  const heard = Promise.withResolvers<void>();
  hands.attend(heard.promise);
  const order: string[] = [];
  const idle = hands.idle().then(() => order.push("idle"));
  order.push("heard");
  heard.resolve();
  await idle;
  expect(order).toEqual(["heard", "idle"]);
});
