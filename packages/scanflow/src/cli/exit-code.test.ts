import { expect, test } from "vitest";
import { EXIT, exitCodeOf } from "./exit-code.ts";

test.each([
  ["SCANFLOW_USAGE", EXIT.usage],
  ["SCANFLOW_CONFIG_MISSING", EXIT.usage],
  ["SCANFLOW_DEFINITION_INVALID", EXIT.usage],
  ["SCANFLOW_RUN_UNKNOWN", EXIT.usage],
  ["SCANFLOW_PARAM_INVALID", EXIT.usage],
  ["SCANFLOW_OWNER_GONE", EXIT.interrupted],
  ["SCANFLOW_OWNER_UNREACHABLE", EXIT.failed],
  ["SCANFLOW_STORE_CORRUPT", EXIT.failed],
  ["SCANFLOW_RUN_BROKEN", EXIT.failed],
  ["ENOENT", EXIT.failed],
])("an error %s ends the command with %d", (code, exit) => {
  expect(exitCodeOf(Object.assign(new Error("x"), { code }))).toBe(exit);
});
