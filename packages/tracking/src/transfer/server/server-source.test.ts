import { expect, test } from "vitest";
import { openTestTracking } from "../../test-tracking.support.ts";
import { fullSource } from "../full-source.support.ts";
import { importFrom } from "../import-from.ts";
import { importSource } from "../import-source.ts";
import { allRecords } from "../store/all-records.support.ts";
import { openStoreSource } from "../store/store-source.ts";
import { openFaultyServer } from "./faulty-server.support.ts";

const all = { experiments: 1, runs: 2, loggedModels: 1, versions: 1, files: 2, elsewhere: 0, present: 0 };

test("what a server keeps comes over whole, and a second time nothing does", async () => {
  const { server, tracking } = await filled();
  expect(await importFrom(tracking, { from: server.url })).toEqual(all);
  const there = await allRecords(await openStoreSource(server.tracking.context));
  expect(await allRecords(await openStoreSource(tracking.context))).toEqual(there);
  expect(await importFrom(tracking, { from: `${server.url}/` })).toEqual({
    ...{ experiments: 0, runs: 0, loggedModels: 0, versions: 0, files: 0, elsewhere: 0, present: 2 },
  });
});

test("pages are followed to the end, with every point of a metric that has more than one page", async () => {
  const { server, tracking } = await filled();
  const experimentId = await server.tracking.ensureExperiment("many");
  const ids = Array.from({ length: 450 }, (_, at) => `r${at}`);
  await server.tracking.startRuns(
    ids.map((runId) => ({ runId, experimentId, name: runId, startTime: 1, userId: "u", tags: [] })),
  );
  const points = Array.from({ length: 3000 }, (_, step) => ({
    key: "loss",
    value: step,
    timestampMs: step,
    step,
  }));
  await server.tracking.logBatch("r7", { metrics: points });
  await importFrom(tracking, { from: server.url });
  const source = await openStoreSource(tracking.context);
  expect((await source.runs(experimentId)).map(({ id }) => id).sort()).toEqual(ids.sort());
  expect((await source.run("r7")).metrics).toEqual(points);
});

test("the token is sent, and name and password go before it", async () => {
  const { server, tracking } = await filled();
  const sent = new Set<string | undefined>();
  server.fault = ({ headers }) => {
    sent.add(headers.authorization);
    return false;
  };
  await importFrom(tracking, { from: server.url, credentials: { token: "t" } });
  expect([...sent]).toEqual(["Bearer t"]);
  sent.clear();
  const basic = `Basic ${Buffer.from("mira:a b").toString("base64")}`;
  const credentials = { token: "t", username: "mira", password: "a b" };
  await importFrom(tracking, { from: server.url, credentials });
  await importFrom(tracking, { from: server.url.replace("//", "//mira:a%20b@") });
  expect([...sent]).toEqual([basic]);
});

test("a server that is busy for a moment is asked again", async () => {
  const { server, tracking } = await filled();
  let busy = true;
  server.fault = (_, response) => {
    if (busy) response.writeHead(503).end();
    const answered = busy;
    busy = false;
    return answered;
  };
  expect(await importFrom(tracking, { from: server.url })).toEqual(all);
});

test("files that lie in S3 stay there and are counted", async () => {
  const { server, tracking } = await filled();
  await server.store.write([
    { sql: "UPDATE tracking_runs SET artifact_uri = 's3://bucket/made' WHERE run_id = 'made'" },
    { sql: "UPDATE tracking_runs SET artifact_uri = 'file:///etc' WHERE run_id = 'reads'" },
  ]);
  expect(await importFrom(tracking, { from: server.url })).toMatchObject({ runs: 2, elsewhere: 2 });
  expect((await tracking.getRun("made")).info.artifactUri).toBe("s3://bucket/made");
  expect(server.asked.filter((one) => one.includes("/artifacts/7/made"))).toEqual([]);
});

async function filled() {
  const server = await openFaultyServer();
  await importSource(server.tracking.context, fullSource());
  const { tracking } = await openTestTracking();
  return { server, tracking };
}
