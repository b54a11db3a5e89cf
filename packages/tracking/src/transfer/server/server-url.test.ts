import { expect, test } from "vitest";
import { serverAddress } from "./server-url.ts";

test("a percent sign in a password may be written as it is, or encoded", () => {
  const shown = (text: string) => serverAddress(text, { token: "t" });
  const expected = { url: "http://h:1", authorization: `Basic ${btoa("eve:100%")}` };
  expect(shown("http://eve:100%@h:1/")).toEqual(expected);
  expect(shown("http://eve:100%25@h:1/")).toEqual(expected);
});
