import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../store/temporary-folder.support.ts";
import { bytesOf, openTestTracking } from "../../test-tracking.support.ts";
import { exportExperiments } from "../archive/export-archive.ts";
import { fullSource } from "../full-source.support.ts";
import { importFrom } from "../import-from.ts";
import { importSource } from "../import-source.ts";
import { type RunsAsCsv, runsAsCsv } from "../runs-csv.ts";
import { allRecords } from "../store/all-records.support.ts";
import { openStoreSource } from "../store/store-source.ts";
import { openFaultyServer } from "./faulty-server.support.ts";

const experiments = ["digits"];
const refuseTaken = () => {};

test("an archive of a server that runs holds what one of its store holds, and nothing lies beside it", async () => {
  const server = await filled();
  const folder = await temporaryFolder();
  const out = join(folder, "x.tar.gz");
  const exported = await exportExperiments(server, { experiments, out, refuseTaken });
  expect(await readdir(folder)).toEqual(["x.tar.gz"]);
  const same = join(await temporaryFolder(), "x.tar.gz");
  expect(exported).toEqual(await exportExperiments(server.tracking, { experiments, out: same, refuseTaken }));
  const { tracking } = await openTestTracking();
  await importFrom(tracking, { from: out });
  const there = await allRecords(await openStoreSource(server.tracking.context, experiments));
  expect(await allRecords(await openStoreSource(tracking.context, experiments))).toEqual(there);
  await expect(tracking.getRun("other")).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  expect(await tracking.modelOrigin("others", "1")).toBeUndefined();
});

test("an export that a server breaks off leaves nothing behind and says what to do", async () => {
  const server = await filled();
  const folder = await temporaryFolder();
  const out = join(folder, "x.tar.gz");
  const refused = (asked: readonly string[]) =>
    exportExperiments(server, { experiments: asked, out, refuseTaken });
  await expect(refused(["digits", "nope"])).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_MISSING",
    message: expect.stringContaining("'digits'"),
  });
  server.fault = ({ url }, response) => {
    if (!url?.includes("/b.txt")) return false;
    response.writeHead(403).end();
    return true;
  };
  await expect(refused(["digits"])).rejects.toMatchObject({
    code: "SCANFLOW_TRANSFER_DENIED",
    message: expect.stringMatching(/Then export again\.$/),
  });
  expect(await readdir(folder)).toEqual([]);
});

test("the runs of a server are the same rows as those of its store", async () => {
  const server = await filled();
  for (const filter of [undefined, "params.note = 'reads' AND metrics.loss < 1", "tags.note = 'x'"]) {
    const asked = { experiment: "digits", filter };
    expect(await rows(server, asked)).toEqual(await rows(server.tracking, asked));
  }
  await expect(rows(server, { experiment: "nope" })).rejects.toMatchObject({
    code: "SCANFLOW_TRACKING_MISSING",
  });
  await expect(rows(server, { experiment: "digits", filter: "loss" })).rejects.toMatchObject({
    code: "SCANFLOW_TRANSFER_SERVER",
    message: expect.stringContaining("with 400"),
  });
});

async function rows(from: Parameters<typeof runsAsCsv>[0], asked: RunsAsCsv): Promise<string[]> {
  return Array.fromAsync(runsAsCsv(from, asked));
}

/** A server with an experiment, and with a run and a model of another one. */
async function filled() {
  const server = await openFaultyServer();
  const { tracking, artifacts } = server;
  await importSource(tracking.context, fullSource());
  await tracking.startRuns([{ runId: "other", experimentId: "0", name: "other", startTime: 5 }]);
  const { digest } = await artifacts.put(bytesOf("other"));
  await tracking.registerVersion({ runId: "other", name: "others", source: "x", digest });
  return server;
}
