import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openContentStore } from "../artifacts/index.ts";
import { openTracking } from "../index.ts";
import { putFile } from "../locations/locations.ts";
import { type S3rver, startS3rver, useS3 } from "../objects/s3rver.support.ts";
import { bytesOf, openTestTracking } from "../test-tracking.support.ts";
import { beginUpload, putPart } from "../uploads/uploads.ts";
import { collectTrackerGarbage } from "./collect-tracker-garbage.ts";
import { contentsOf } from "./full-tracker.support.ts";
import { purgeByName } from "./purge-by-name.ts";

let server: S3rver;
beforeAll(async () => {
  server = await startS3rver();
});
afterAll(() => server.close());

/** A tracker with its files under a prefix in S3, and what it holds. */
async function openInS3(prefix: string) {
  useS3(server.endpoint);
  const { store } = await openTestTracking();
  const artifacts = await openContentStore(`s3://bucket/${prefix}`);
  onTestFinished(() => artifacts.close());
  const tracking = await openTracking({ store, artifacts });
  const contents = async () => {
    const { tables, files } = await contentsOf(store, server.directory);
    const { tracking_counters: _, ...rest } = tables;
    // What the server notes of an object tells when it was written.
    const objects = Object.entries(files).filter(
      ([path]) => path.includes(prefix) && !/metadata|md5/.test(path),
    );
    return { tables: rest, files: Object.fromEntries(objects) };
  };
  return { tracking, contents };
}

async function* large(text: string, mebibytes = 5): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < mebibytes; i++) yield Buffer.alloc(1 << 20, text);
}

test("a purge takes files out of S3 but those of the neighbour, and a collection what a broken one left", async () => {
  const { tracking, contents } = await openInS3("tracker");
  const { context } = tracking;
  const fill = async (name: string) => {
    const experimentId = await tracking.ensureExperiment(name);
    await tracking.startRuns([{ runId: `run-${name}`, experimentId, name, startTime: 1 }]);
    const root = `${experimentId}/run-${name}/artifacts`;
    await putFile(context, `${root}/own.txt`, bytesOf(name));
    await putFile(context, `${root}/shared.txt`, bytesOf("shared"));
    await putFile(context, `${root}/large.bin`, large(name));
    const { id } = await beginUpload(context, { path: `${root}/big.bin`, parts: 2 });
    await putPart(context, { id, number: 1 }, bytesOf(`part of ${name}`));
  };
  await fill("kept");
  const before = await contents();
  expect(Object.keys(before.files)).toHaveLength(4);
  await fill("doomed");
  const target = { kind: "experiment", name: "doomed" } as const;
  const foreseen = await purgeByName(tracking, target, { dryRun: true });
  expect(foreseen.files + foreseen.young).toBe(3);
  const report = await purgeByName(tracking, target);
  expect(report.files + report.young).toBe(3);
  await collectTrackerGarbage(tracking, { graceMs: 0 });
  expect(await contents()).toEqual(before);
  await fill("broken");
  const broken = purgeByName(
    tracking,
    { kind: "experiment", name: "broken" },
    {
      probe: () => {
        throw new Error("the process ends here");
      },
    },
  );
  await expect(broken).rejects.toThrow("ends here");
  expect(Object.keys((await contents()).files)).toHaveLength(7);
  expect(await collectTrackerGarbage(tracking, { graceMs: 60_000 })).toMatchObject({ files: 0, young: 3 });
  expect(await collectTrackerGarbage(tracking, { graceMs: 0 })).toMatchObject({ files: 3 });
  expect(await contents()).toEqual(before);
});

test("what is on its way into S3 stays when a collection comes in between", async () => {
  const { tracking } = await openInS3("under-way");
  const { context } = tracking;
  await context.artifacts.put(bytesOf("left"));
  async function* interrupted() {
    yield* large("first", 20);
    // Parts of it lie in S3, under no name yet.
    await server.until(({ url }) => /^\/bucket\/under-way\/.*partNumber=/.test(url));
    const garbage = await collectTrackerGarbage(tracking, { graceMs: 0, force: true });
    expect(garbage).toEqual({ files: 1, bytes: 4, young: 0, uploads: 0 });
    yield* large("then");
  }
  await putFile(context, "0/large.bin", interrupted());
  const digests = await Array.fromAsync(tracking.liveDigests());
  for (const digest of digests) await context.artifacts.verify(digest);
  expect(digests).toHaveLength(1);
  const [file] = await context.store.read<{ size: number }>("SELECT size FROM tracking_artifacts");
  expect(file?.size).toBe(25 << 20);
});
