import { expect, test } from "vitest";
import { batchOf, type ColumnValues } from "../batch/batch-of.ts";
import { BUILT_INS } from "../checker/built-ins.ts";
import { checkContext } from "../checker/check-context.ts";
import { datasetOf, datasetOfProfile } from "../checker/dataset-of.ts";
import streams from "./fixtures/streams.json" with { type: "json" };

async function judge(column: ColumnValues, params: Readonly<Record<string, string>>) {
  const checker = await BUILT_INS["stream-detector"]?.load();
  const window = datasetOf("log", [
    batchOf({ x: Array.from(column).slice(0, 700) }),
    batchOf({ x: Array.from(column).slice(700) }),
  ]);
  return checker?.(window, null, checkContext("stream-detector", { params }));
}

test("a file that is a stream rings at the row where its detector does", async () => {
  const verdict = await judge(streams.switch, { detector: "adwin", column: "x" });
  expect(verdict).toMatchObject({
    status: "alarm",
    columns: ["x"],
    evidence: { x: { detector: "adwin", values: 2000, alarms: 1, rows: [1056] } },
  });
  const errors = streams.errors.map((wrong) => wrong === 1);
  expect(await judge(errors, { detector: "ddm", column: "x" })).toMatchObject({
    evidence: { x: { rows: [1050] } },
  });
  expect(await judge(streams.switch.slice(0, 1000), { detector: "adwin", column: "x" })).toMatchObject({
    status: "ok",
  });
});

test("what cannot be played to a detector is invalid, with what to do", async () => {
  const texts = new Array<string>(800).fill("a");
  expect((await judge(texts, { detector: "adwin", column: "x" }))?.message).toContain(
    "kind text. Name one of numbers",
  );
  expect((await judge(streams.switch, { detector: "adwin", column: "y" }))?.message).toContain(
    "no such column. There are x",
  );
  expect((await judge(streams.switch, { detector: "ddm", column: "x" }))?.message).toContain(
    "takes 1 for a wrong prediction",
  );
  expect((await judge(new Array<null>(800).fill(null), { detector: "adwin", column: "x" }))?.status).toBe(
    "invalid",
  );
  const checker = await BUILT_INS["stream-detector"]?.load();
  const profile = await datasetOf("x", batchOf({ x: [1] })).profile();
  const params = { detector: "adwin", column: "x" };
  const kept = await checker?.(
    datasetOfProfile("x", profile),
    null,
    checkContext("stream-detector", { params }),
  );
  expect(kept?.message).toContain("Only a profile");
  await expect(judge(streams.switch, { column: "x" })).rejects.toThrow('"detector" is missing');
});
