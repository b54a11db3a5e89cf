import { expect, test } from "vitest";
import { bytesOf, openTestTracking, type TestTracking } from "../test-tracking.support.ts";

const RUN = "0123456789abcdef0123456789abcdef";

async function withRun({ tracking, artifacts }: TestTracking) {
  const experimentId = await tracking.ensureExperiment("digits");
  await tracking.startRuns([
    { runId: RUN, experimentId, name: "fit", startTime: 1, userId: "ann", tags: [] },
  ]);
  const put = async (path: string, text: string) => {
    const { digest, size } = await artifacts.put(bytesOf(text));
    await tracking.addArtifacts(RUN, [{ path, digest, size, kind: "file" }]);
    return digest;
  };
  return { model: await put("model/weights.bin", "weights"), card: await put("card.json", "{}") };
}

test("the files of a run are found by path, with their digests", async () => {
  const rooms = await openTestTracking();
  const { model, card } = await withRun(rooms);
  const files = async (path: string) =>
    (await rooms.tracking.filesOfRun(RUN, path)).map((file) => [file.path, file.digest]);
  expect(await files("model")).toEqual([["weights.bin", model]]);
  expect(await files("card.json")).toEqual([["", card]]);
  expect(await files("")).toEqual([
    ["card.json", card],
    ["model/weights.bin", model],
  ]);
  expect(await files("missing")).toEqual([]);
  expect(await rooms.tracking.filesOfRun("none", "")).toEqual([]);
});

test("a content leads to the runs that hold it", async () => {
  const rooms = await openTestTracking();
  const { model } = await withRun(rooms);
  expect(await rooms.tracking.holdersOf(model)).toEqual([{ runId: RUN, path: "model/weights.bin" }]);
  expect(await rooms.tracking.holdersOf(`sha256:${"0".repeat(64)}`)).toEqual([]);
});

test("a version is found by number, alias or as the latest, with its digest and files", async () => {
  const rooms = await openTestTracking();
  const { model } = await withRun(rooms);
  await rooms.tracking.registerVersion({ name: "digits", runId: RUN, source: "model", digest: model });
  for (const reference of ["1", "latest", "None"]) {
    expect(await rooms.tracking.modelOrigin("digits", reference)).toMatchObject({
      version: { name: "digits", version: 1, runId: RUN },
      digest: model,
      files: [{ path: "weights.bin", digest: model }],
    });
  }
  for (const reference of ["2", "@champion", "x", "Production"]) {
    expect(await rooms.tracking.modelOrigin("digits", reference)).toBeUndefined();
  }
  expect(await rooms.tracking.modelOrigin("other", "1")).toBeUndefined();
});
