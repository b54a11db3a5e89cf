import { expect, test } from "vitest";
import { gravest } from "./gravity.ts";

test("what could not be judged is graver than an alarm, and an alarm than a warning", () => {
  expect(gravest(["ok", "warning", "ok"])).toBe("warning");
  expect(gravest(["alarm", "warning"])).toBe("alarm");
  expect(gravest(["alarm", "invalid", "ok"])).toBe("invalid");
});

test("nothing is ok", () => {
  expect(gravest([])).toBe("ok");
});
