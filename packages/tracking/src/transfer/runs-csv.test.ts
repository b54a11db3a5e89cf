import { expect, test } from "vitest";
import { openTestTracking } from "../test-tracking.support.ts";
import type { Tracking } from "../tracking.ts";
import { runsAsCsv } from "./runs-csv.ts";

test("each run is a row, with a column for every param, metric and tag that one of them has", async () => {
  const { tracking } = await openTestTracking();
  await twoRuns(tracking);
  expect(await textOf(tracking)).toBe(
    [
      "run_id,name,status,start_time,end_time,params.rate,metrics.loss,tags.mlflow.runName,tags.note",
      "b,second,RUNNING,1970-01-01T00:00:02.000Z,,,NaN,second,'=1+1",
      'a,first,FINISHED,1970-01-01T00:00:01.000Z,1970-01-01T00:00:03.000Z,-0.1,0.25,first,"a, b"',
      "",
    ].join("\r\n"),
  );
});

test("a filter leaves runs out, and the columns that only those had", async () => {
  const { tracking } = await openTestTracking();
  await twoRuns(tracking);
  expect(await textOf(tracking, "params.rate = '-0.1'")).toContain("metrics.loss");
  expect(await textOf(tracking, "tags.note = '=1+1'")).not.toContain("params.rate");
});

test("an experiment that is not there is told before anything is written", async () => {
  const { tracking } = await openTestTracking();
  await tracking.ensureExperiment("shop/digits");
  await expect(textOf(tracking)).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_MISSING",
    message: expect.stringContaining("'shop/digits'"),
  });
});

async function twoRuns(tracking: Tracking): Promise<void> {
  const experimentId = await tracking.ensureExperiment("digits");
  await tracking.startRuns([
    { runId: "a", experimentId, name: "first", startTime: 1000, tags: [{ key: "note", value: "a, b" }] },
    { runId: "b", experimentId, name: "second", startTime: 2000, tags: [{ key: "note", value: "=1+1" }] },
  ]);
  const point = (value: number, step: number) => ({ key: "loss", value, timestampMs: 5, step });
  await tracking.logBatch("a", {
    params: [{ key: "rate", value: "-0.1" }],
    metrics: [point(0.5, 0), point(0.25, 1)],
  });
  await tracking.logBatch("b", { metrics: [point(Number.NaN, 0)] });
  await tracking.endRuns([{ runId: "a", status: "FINISHED", endTime: 3000 }]);
}

async function textOf(tracking: Tracking, filter?: string): Promise<string> {
  let text = "";
  for await (const row of runsAsCsv(tracking, { experiment: "digits", filter })) text += row;
  return text;
}
