import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openContentStore } from "../../artifacts/index.ts";
import { startS3rver, useS3 } from "../../objects/s3rver.support.ts";
import { temporaryFolder } from "../../store/temporary-folder.support.ts";
import { bytesOf, openTestTracking } from "../../test-tracking.support.ts";
import { openTracking } from "../../tracking.ts";
import { importFrom } from "../import-from.ts";
import { importSource } from "../import-source.ts";
import { allRecords } from "../store/all-records.support.ts";
import { openStoreSource } from "../store/store-source.ts";
import { exportExperiments } from "./export-archive.ts";
import { archiveOf, filled } from "./filled-archive.support.ts";
import { anySource } from "./generated-source.support.ts";

const refuseTaken = (out: string) => {
  if (existsSync(out)) throw new Error("taken");
};

test("what is exported and imported elsewhere is the same, whatever was logged", async () => {
  const [{ tracking }, { tracking: other }] = [await openTestTracking(), await openTestTracking()];
  const folder = await temporaryFolder();
  await fc.assert(
    fc.asyncProperty(anySource, async (source) => {
      await tracking.purgeEverything();
      await other.purgeEverything();
      await importSource(tracking.context, source);
      const experiments = (await source.experiments()).map(({ name }) => name);
      const out = join(folder, "x.tar.gz");
      await rm(out, { force: true });
      const exported = await exportExperiments(tracking, { experiments, out, refuseTaken });
      const { present, elsewhere, files, ...imported } = await importFrom(other, { from: out });
      expect({ present, elsewhere }).toEqual({ present: 0, elsewhere: 0 });
      expect(exported).toMatchObject(imported);
      const names = ["Default", ...experiments];
      const before = await allRecords(await openStoreSource(tracking.context, names));
      expect(await allRecords(await openStoreSource(other.context, names))).toEqual(before);
    }),
    { numRuns: 12 },
  );
});

test("an archive holds what belongs to its experiments and nothing else", async () => {
  const { tracking, artifacts } = await filled();
  const { digest } = await artifacts.put(bytesOf("other"));
  await tracking.startRuns([{ runId: "other", experimentId: "0", name: "other", startTime: 5 }]);
  await tracking.registerVersion({ runId: "other", name: "others", source: "x", digest });
  const { tracking: elsewhere } = await openTestTracking();
  await importFrom(elsewhere, { from: await archiveOf(tracking) });
  await expect(elsewhere.getRun("other")).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  expect(await elsewhere.modelOrigin("others", "latest")).toBeUndefined();
  expect(await elsewhere.modelOrigin("digits", "@champion")).toMatchObject({ version: { runId: "made" } });
});

test("the same experiments make the same bytes, and an archive that is there is not written over", async () => {
  const { tracking } = await filled();
  const out = await archiveOf(tracking);
  const again = await archiveOf(tracking);
  expect((await readFile(out)).equals(await readFile(again))).toBe(true);
  const refused = exportExperiments(tracking, { experiments: ["digits"], out, refuseTaken });
  await expect(refused).rejects.toThrow("taken");
  const unknown = exportExperiments(tracking, { experiments: ["nothing"], out: `${out}2`, refuseTaken });
  await expect(unknown).rejects.toMatchObject({ code: "SCANFLOW_TRACKING_MISSING" });
  expect(await readdir(join(out, ".."))).toEqual(["x.tar.gz"]);
});

test("content that is damaged in the store ends the export, and no archive is left", async () => {
  const { tracking, artifacts } = await filled();
  const [file] = await tracking.filesOfRun("made", "");
  const hex = file?.digest.slice("sha256:".length) ?? "";
  const [path = ""] = (await readdir(artifacts.root, { recursive: true })).filter((one) =>
    one.endsWith(hex.slice(2)),
  );
  await rm(join(artifacts.root, path));
  const folder = await temporaryFolder();
  const out = join(folder, "x.tar.gz");
  await expect(
    exportExperiments(tracking, { experiments: ["digits"], out, refuseTaken }),
  ).rejects.toMatchObject({
    code: expect.stringMatching(/^SCANFLOW_ARTIFACT_/),
  });
  expect(await readdir(folder)).toEqual([]);
});

test("an import that broke off goes on, also where a run that is there has the content of a later one", async () => {
  const { tracking } = await filled();
  await tracking.startRuns([{ runId: "zz", experimentId: "7", name: "zz", startTime: 9 }]);
  const [file] = await tracking.filesOfRun("made", "");
  if (file) await tracking.addArtifacts("zz", [file]);
  const from = await archiveOf(tracking);
  const { tracking: other, artifacts } = await openTestTracking();
  await importFrom(other, { from });
  await other.purgeRuns(["zz"]);
  await other.context.store.write([{ sql: "DELETE FROM tracking_artifacts" }]);
  await artifacts.sweep({ live: [], graceMs: 0, now: Date.now() });
  expect(await importFrom(other, { from })).toMatchObject({ runs: 1, files: 1, present: 2 });
  expect(await other.filesOfRun("zz", "")).toEqual([file]);
});

test("files go into S3 and out again, and the archive has the same bytes", async () => {
  const { tracking } = await filled();
  const out = await archiveOf(tracking);
  const server = await startS3rver();
  onTestFinished(() => server.close());
  useS3(server.endpoint);
  const artifacts = await openContentStore("s3://bucket/tracker");
  onTestFinished(() => artifacts.close());
  const { store } = await openTestTracking();
  const other = await openTracking({ store, artifacts });
  expect(await importFrom(other, { from: out })).toMatchObject({ runs: 2, files: 2 });
  expect(await importFrom(other, { from: out })).toMatchObject({ runs: 0, files: 0, present: 2 });
  expect((await readFile(await archiveOf(other))).equals(await readFile(out))).toBe(true);
});

test("a folder that was stored whole keeps its digest, links and all", async () => {
  const { tracking, artifacts } = await filled();
  const { digest, size } = await artifacts.put(bytesOf("print()"));
  const folder = await artifacts.putFolder([
    { kind: "file", path: "bin/run.py", digest, size, executable: true },
    { kind: "link", path: "latest", link: "bin/run.py" },
    { kind: "folder", path: "empty" },
  ]);
  await tracking.addArtifacts("made", [{ path: "code", ...folder }]);
  const { tracking: other, artifacts: others } = await openTestTracking();
  await importFrom(other, { from: await archiveOf(tracking) });
  expect(await other.filesOfRun("made", "code")).toEqual(await tracking.filesOfRun("made", "code"));
  expect(await others.verify(folder.digest)).toEqual(folder);
});
