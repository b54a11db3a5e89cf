import { expect, test } from "vitest";
import { numberText, tickText } from "./number-text.ts";

test.each([
  [0, "0"],
  [-0, "0"],
  [1234567, "1,234,567"],
  [12345.678, "12,346"],
  [-0.12345, "−0.123"],
  [0.05, "0.05"],
  [99.96, "100"],
  [1.5e-7, "1.5e-7"],
  [3.21e12, "3.21e12"],
  [Number.NaN, "NaN"],
  [-Infinity, "−∞"],
])("%f is written %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});

test("ticks have the decimals of their step", () => {
  expect([0, 0.2, 0.4].map((value) => tickText(value, 0.2))).toEqual(["0", "0.2", "0.4"]);
  expect(tickText(1_500, 500)).toBe("1,500");
  expect(tickText(0.2, 0.05)).toBe("0.20");
  expect(tickText(25_000_000, 5_000_000)).toBe("2.5e7");
});
