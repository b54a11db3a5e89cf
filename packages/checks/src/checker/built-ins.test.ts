import { expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import { BUILT_INS } from "./built-ins.ts";
import { checkContext } from "./check-context.ts";
import { datasetOf } from "./dataset-of.ts";

test.each(Object.entries(BUILT_INS))(
  "%s loads, and answers a verdict or an error with a code to data that do not fit",
  async (name, { load, description }) => {
    expect(description).not.toMatch(/[.\n]$/);
    const checker = await load();
    const table = datasetOf("table", batchOf({ x: [1, 2] }));
    const answer = await Promise.resolve(checker(table, table, checkContext(name))).catch((error) => error);
    const told: unknown = answer.status ?? answer.code;
    expect([
      "ok",
      "warning",
      "alarm",
      "invalid",
      "SCANFLOW_CHECK_OPTION_INVALID",
      "SCANFLOW_MODEL_TESTS_INVALID",
    ]).toContain(told);
  },
);
