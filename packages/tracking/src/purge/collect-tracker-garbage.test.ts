import { expect, test } from "vitest";
import { putFile } from "../locations/locations.ts";
import { bytesOf, openTestTracking } from "../test-tracking.support.ts";
import { beginUpload, completeUpload, putPart } from "../uploads/uploads.ts";
import { collectTrackerGarbage } from "./collect-tracker-garbage.ts";

const day = 24 * 60 * 60 * 1000;

test("what nothing refers to goes when it is old enough, and a dry run says so beforehand", async () => {
  const { tracking, artifacts } = await openTestTracking();
  await putFile(tracking.context, "0/a.txt", bytesOf("kept"));
  const { digest } = await artifacts.put(bytesOf("lost"));
  expect(await collectTrackerGarbage(tracking)).toEqual({ files: 0, bytes: 0, young: 1, uploads: 0 });
  const found = { files: 1, bytes: 4, young: 0, uploads: 0 };
  expect(await collectTrackerGarbage(tracking, { graceMs: 0, dryRun: true })).toEqual(found);
  expect(await artifacts.has(digest)).toBe(true);
  expect(await collectTrackerGarbage(tracking, { graceMs: 0 })).toEqual(found);
  expect(await artifacts.has(digest)).toBe(false);
  expect(await collectTrackerGarbage(tracking, { graceMs: 0 })).toMatchObject({ files: 0 });
});

test("the parts of an upload stay until it counts as given up", async () => {
  const { tracking, passMs, store } = await openTestTracking();
  const { context } = tracking;
  await putFile(context, "0/a.txt", bytesOf("kept"));
  await putPart(
    context,
    { ...(await beginUpload(context, { path: "0/old", parts: 2 })), number: 1 },
    bytesOf("old"),
  );
  passMs(6 * day);
  const { id } = await beginUpload(context, { path: "0/new", parts: 1 });
  const tag = await putPart(context, { id, number: 1 }, bytesOf("new"));
  expect(await collectTrackerGarbage(tracking, { graceMs: 0 })).toMatchObject({ files: 0, uploads: 0 });
  passMs(2 * day);
  const found = { files: 1, bytes: 3, young: 0, uploads: 1 };
  expect(await collectTrackerGarbage(tracking, { graceMs: 0, dryRun: true })).toEqual(found);
  expect(await store.read("SELECT * FROM tracking_upload_parts")).toHaveLength(2);
  expect(await collectTrackerGarbage(tracking, { graceMs: 0 })).toEqual(found);
  expect(await store.read("SELECT * FROM tracking_upload_parts")).toHaveLength(1);
  await completeUpload(context, { id, path: "0/new" }, [{ number: 1, tag }]);
});

test("what is being uploaded at that moment stays, whenever in between the collection comes", async () => {
  const { tracking, artifacts } = await openTestTracking();
  const { context } = tracking;
  await putFile(context, "0/a.txt", bytesOf("kept"));
  const collect = () => collectTrackerGarbage(tracking, { graceMs: 0 });
  async function* slowly() {
    yield Buffer.from("first, ");
    expect(await collect()).toMatchObject({ files: 0 });
    yield Buffer.from("then the rest");
  }
  // While the content is there, and the row that refers to it is not yet.
  const collecting: ReturnType<typeof collect>[] = [];
  const store = {
    ...{ read: context.store.read.bind(context.store), snapshot: context.store.snapshot.bind(context.store) },
    shared: context.store.shared,
    write: async (unit: Parameters<typeof context.store.write>[0]) => {
      collecting.push(collect());
      await collecting[0];
      return context.store.write(unit);
    },
  };
  await putFile({ ...context, store }, "0/b.txt", slowly());
  expect(collecting).toHaveLength(1);
  expect(await collecting[0]).toMatchObject({ files: 0 });
  const digests = await Array.fromAsync(tracking.liveDigests());
  for (const digest of digests) await artifacts.verify(digest);
  expect(digests).toHaveLength(2);
});

test("files that look like those of another tracker stay until a person says that they are right", async () => {
  const { tracking, artifacts } = await openTestTracking();
  const other = await openTestTracking();
  await putFile(other.tracking.context, "0/a.txt", bytesOf("theirs"));
  const mixed = { ...tracking, context: { ...tracking.context, artifacts: other.artifacts } };
  const strange = { code: "SCANFLOW_GC_STRANGE", message: expect.stringContaining("1 files here (6 bytes)") };
  await expect(collectTrackerGarbage(mixed, { graceMs: 0 })).rejects.toMatchObject(strange);
  await putFile(tracking.context, "0/a.txt", bytesOf("ours"));
  await expect(collectTrackerGarbage(mixed, { graceMs: 0 })).rejects.toMatchObject(strange);
  // What lies in every tracker makes it no more likely.
  for (const { context } of [tracking, other.tracking]) await putFile(context, "0/empty", bytesOf(""));
  await putFile(tracking.context, "0/b.txt", bytesOf("ours, too"));
  await expect(collectTrackerGarbage(mixed, { graceMs: 0 })).rejects.toMatchObject({
    code: "SCANFLOW_GC_STRANGE",
    message: expect.stringContaining("1 of 3 lie here"),
  });
  expect(await Array.fromAsync(other.tracking.liveDigests(), (one) => other.artifacts.has(one))).toEqual([
    true,
    true,
  ]);
  expect(await collectTrackerGarbage(mixed, { graceMs: 0, force: true })).toMatchObject({ files: 1 });
  expect(await collectTrackerGarbage(tracking, { graceMs: 0 })).toMatchObject({ files: 0 });
  await artifacts.close();
});
