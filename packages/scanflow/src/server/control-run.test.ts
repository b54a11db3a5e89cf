import type { RunEvent } from "@scanflow/core";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "./index.ts";
import { application, finish } from "./pair.test.support.ts";

test("what a person says is on record before it is answered: an owner that dies then has not forgotten it", async () => {
  const root = await application();
  const told: string[] = [];
  const probe = (point: string, events: readonly RunEvent[]) => {
    if (point === "journal:after") told.push(...events.map(({ event }) => event));
  };
  const { client, close } = await connect(root, { listen: true, probe });
  onTestFinished(close);
  const said = async (event: RunEvent["event"], answer: Promise<unknown>) => {
    await answer;
    expect(told).toContain(event);
  };
  const gate = async () => {
    const { run } = await client.runs.start({ workflow: "gate" });
    await expect.poll(async () => (await client.runs.show({ run })).status).toBe("waiting");
    return run;
  };
  const run = await gate();
  await said("run-paused", client.runs.pause({ run }));
  await said("run-continued", client.runs.resume({ run }));
  await said("approval-decided", client.runs.decide({ run, task: "ask", approved: false, by: "me" }));
  await finish(client, run);
  await said("run-retried", client.runs.retry({ run, tasks: [] }));
  const other = await gate();
  await said("run-cancelling", client.runs.cancel({ run: other }));
});
