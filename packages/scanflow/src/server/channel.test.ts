import { expect, test } from "vitest";
import { all } from "../api/all.test.support.ts";
import { Channel } from "./channel.ts";

test("what was pushed before the end is read, in order, and nothing after it", async () => {
  const channel = new Channel<number>();
  channel.push(1);
  const read = all(channel);
  setImmediate(() => {
    channel.push(2);
    channel.push(3);
    channel.close();
    channel.push(4);
  });
  expect(await read).toEqual([1, 2, 3]);
});
