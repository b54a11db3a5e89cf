import { beforeAll, describe, expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import type { TensorColumn } from "../batch/column.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { takeRows } from "../batch/take-rows.ts";
import { noneValid, setValid } from "../batch/validity.ts";
import { runtime } from "../nn/nn.support.ts";
import { readOnnx, writeOnnx } from "../onnx/index.ts";
import { bars, table } from "./detector.support.ts";
import type { Detector } from "./detector.ts";
import { fitDetector } from "./fit-detector.ts";
import type { AutoencoderLayers } from "./kind/architecture.ts";
import { loadDetector } from "./load-detector.ts";

const share = (scores: Float64Array, threshold = 0.95) =>
  scores.filter((score) => score > threshold).length / scores.length;

const kinds = ["autoencoder", "pca", "neighbours"] as const;

describe.each(kinds)("the detector %s", (kind) => {
  let detector: Detector;
  let pictures: Detector;
  beforeAll(async () => {
    detector = await fitDetector(table(600, 1), { runtime, kind, seed: 1, steps: 300 });
    pictures = await fitDetector(bars(600, 1), { runtime, kind, seed: 1, steps: 300 });
  });

  test("rows like the reference are above 0.95 in about 5 % of cases", async () => {
    const { score } = await detector.score(table(2000, 2));
    expect(share(score)).toBeGreaterThan(0.01);
    expect(share(score)).toBeLessThan(0.11);
    expect(share((await pictures.score(bars(2000, 2))).score)).toBeLessThan(0.11);
  });

  test("a row has the same score alone and in any company", async () => {
    const window = table(50, 3);
    const { surprise } = await detector.score(window);
    const alone = await detector.score(takeRows(window, [7]));
    const among = await detector.score(takeRows(window, [3, 7, 9, 40]));
    expect(alone.surprise[0]).toBeCloseTo(surprise[7] ?? 0, 1);
    expect(among.surprise[1]).toBeCloseTo(surprise[7] ?? 0, 1);
  });

  test("rows in which two columns no longer go together stand out", async () => {
    const window = table(200, 4);
    const columns = window.columns.map((column) =>
      column.name === "twice" && column.kind === "number"
        ? { ...column, values: column.values.map((value) => -value) }
        : column,
    );
    expect(share((await detector.score({ rows: 200, columns })).score)).toBeGreaterThan(0.2);
  });

  test("images of something else stand out", async () => {
    const { score } = await pictures.score(bars(200, 5, (random) => 5 + 2 * random));
    expect(share(score)).toBeGreaterThan(0.9);
  });

  test("saved and loaded it gives the same scores", async () => {
    const window = table(40, 6);
    const loaded = await loadDetector(detector.save(), runtime);
    expect(await loaded.score(window)).toEqual(await detector.score(window));
    expect(loaded).toMatchObject({ kind, columns: detector.columns, image: null });
    expect((await loaded.latent(window)).rows).toBe(40);
    await loaded.close();
  });

  test("the same seed gives the same file, another seed another", async () => {
    const options = { runtime, kind, steps: 40 };
    const first = await fitDetector(table(100, 1), { ...options, seed: 1 });
    const second = await fitDetector(table(100, 1), { ...options, seed: 1 });
    const other = await fitDetector(table(100, 1), { ...options, seed: 2 });
    expect(second.save()).toEqual(first.save());
    expect(other.save()).not.toEqual(first.save());
  });

  test("no rows give no scores", async () => {
    expect((await detector.score(table(0, 1))).score).toHaveLength(0);
  });
});

describe("the autoencoder finds", () => {
  let detector: Detector;
  beforeAll(async () => {
    detector = await fitDetector(table(600, 1), { runtime, seed: 1, steps: 300 });
  });
  const usual = { x: 0.1, twice: 0.2, colour: "red", sometimes: 5.5, always: 3, flag: true };

  test.each<[string, Partial<Record<keyof typeof usual, unknown>>]>([
    ["a category that was never seen", { colour: "violet" }],
    ["a value missing where none was missing", { x: null }],
    ["a column that was constant and is not", { always: 4 }],
    ["an extreme value", { sometimes: 1000 }],
    ["an infinite value", { x: Number.POSITIVE_INFINITY }],
  ])("%s", async (_, change) => {
    const rows = [usual, { ...usual, ...change }];
    const names = Object.keys(usual) as (keyof typeof usual)[];
    const batch = batchOf(
      Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) as never,
    );
    const { score, surprise } = await detector.score(batch);
    expect(score[0]).toBeLessThan(0.95);
    expect(surprise[1]).toBeGreaterThan(2);
  });
});

test("an image is scored by its contrast as well as by its shape, and not at all when it has a hole", async () => {
  const detector = await fitDetector(bars(600, 1), { runtime, seed: 1, steps: 300 });
  const window = bars(4, 7);
  const [image] = window.columns;
  const values = image?.values.slice() ?? new Float32Array(0);
  for (let pixel = 0; pixel < 64; pixel += 1) {
    values[pixel] = 0.3 * (values[pixel] ?? 0);
    values[64 + pixel] = (values[64 + pixel] ?? 0) + (pixel % 2) * 0.5;
  }
  values[2 * 64 + 5] = Number.NaN;
  const { score } = await detector.score({ rows: 4, columns: [{ ...(image as TensorColumn), values }] });
  expect(score[0]).toBeGreaterThan(0.99);
  expect(score[1]).toBeGreaterThan(0.99);
  expect(score[2]).toBeNaN();
  const validity = noneValid(4);
  for (const row of [0, 1, 2]) setValid(validity, row);
  const missing = await detector.score({ rows: 4, columns: [{ ...(image as TensorColumn), validity }] });
  expect(missing.score[3]).toBeNaN();
});

test("a convolutional autoencoder takes images of any size", async () => {
  const detector = await fitDetector(bars(200, 1), {
    runtime,
    seed: 1,
    steps: 60,
    architecture: "convolutional",
  });
  expect(share((await detector.score(bars(100, 5, (random) => 5 + 2 * random))).score)).toBeGreaterThan(0.9);
  const odd: ColumnBatch = {
    rows: 60,
    columns: [
      {
        kind: "tensor",
        name: "i",
        shape: [3, 5, 7],
        validity: null,
        values: bars(100, 2).columns[0]?.values.slice(0, 6300) ?? new Float32Array(0),
      },
    ],
  };
  const other = await fitDetector(odd, { runtime, seed: 1, steps: 10, architecture: "convolutional" });
  expect((await other.latent(odd)).columns).toBe(27);
});

describe("an autoencoder of one's own layers", () => {
  const architecture: AutoencoderLayers = {
    encoder: [{ kind: "conv", filters: 4, kernel: 3, stride: 2 }, { kind: "relu" }],
    decoder: [
      { kind: "upsample", scale: 2 },
      { kind: "conv", filters: 1, kernel: 3 },
    ],
  };

  test("is trained, saved, loaded and scores; what the encoder gives is the latent vector", async () => {
    const options = { runtime, seed: 1, steps: 150, architecture };
    const detector = await fitDetector(bars(200, 1), options);
    const loaded = await loadDetector(detector.save(), runtime);
    const window = bars(100, 5, (random) => 5 + 2 * random);
    const scores = await loaded.score(window);
    expect(scores).toEqual(await detector.score(window));
    expect(share(scores.score)).toBeGreaterThan(0.9);
    expect(share((await loaded.score(bars(300, 2))).score)).toBeLessThan(0.12);
    expect(await loaded.latent(window)).toMatchObject({ rows: 100, columns: 4 * 4 * 4 });
  });

  test("takes tables as flat rows", async () => {
    const own = await fitDetector(table(200, 1), {
      runtime,
      steps: 20,
      architecture: { encoder: [{ kind: "dense", units: 3 }], decoder: [{ kind: "dense", units: 10 }] },
    });
    expect((await own.latent(table(5, 2))).columns).toBe(3);
  });

  test("that does not fit the rows is refused", async () => {
    const encoder: AutoencoderLayers["encoder"] = [{ kind: "dense", units: 3 }];
    const train = (own: AutoencoderLayers | "convolutional", reference = table(60, 1)) =>
      fitDetector(reference, { runtime, architecture: own });
    await expect(train({ encoder, decoder: [] })).rejects.toMatchObject({
      code: "SCANFLOW_NETWORK_INVALID",
      message: expect.stringMatching(/The decoder gives \[3\], which is 3 numbers, but a row has \d+/),
    });
    await expect(train({ encoder, decoder: [] }, bars(60, 1))).rejects.toThrow(/takes flat rows/);
    await expect(train("convolutional")).rejects.toMatchObject({ code: "SCANFLOW_CHECK_OPTION_INVALID" });
  });
});

describe("what cannot be used is refused with a code", () => {
  const reference = table(60, 1);

  test("a reference of too few rows, or none", async () => {
    await expect(fitDetector(table(39, 1), { runtime })).rejects.toMatchObject({
      code: "SCANFLOW_DETECTOR_REFERENCE",
    });
    await expect(fitDetector(table(0, 1), { runtime })).rejects.toThrow(/0 rows of 6 columns.*at least 40/);
    await expect(fitDetector({ rows: 50, columns: [] }, { runtime })).rejects.toThrow(/0 columns/);
  });

  test("columns that are missing, or of another kind or shape", async () => {
    const detector = await fitDetector(reference, { runtime, kind: "pca" });
    await expect(detector.score(batchOf({ x: [1] }))).rejects.toThrow(
      /Column "twice" is not there, only "x"/,
    );
    const texts = { ...Object.fromEntries(reference.columns.map(({ name }) => [name, ["a"]])) };
    await expect(detector.score(batchOf(texts))).rejects.toThrow(/"x" holds texts, but .* numbers/);
    const pictures = await fitDetector(bars(50, 1), { runtime, kind: "pca" });
    const [image] = bars(1, 1).columns;
    const wrong = { rows: 1, columns: [{ ...(image as TensorColumn), shape: [4, 16] }] };
    await expect(pictures.score(wrong)).rejects.toMatchObject({ code: "SCANFLOW_COLUMN_INVALID" });
    await expect(fitDetector(reference, { runtime, columns: ["y"] })).rejects.toThrow(
      /Column "y" is not there/,
    );
  });

  test("an image of another size", async () => {
    await expect(fitDetector(bars(50, 1), { runtime, image: [4, 4] })).rejects.toThrow(
      /16 pixels, but a row has 64/,
    );
  });

  test("files that are no detector's", async () => {
    const bytes = (await fitDetector(reference, { runtime, kind: "pca" })).save();
    const model = readOnnx(bytes);
    await expect(loadDetector(bytes.slice(0, 500), runtime)).rejects.toMatchObject({
      code: "SCANFLOW_ONNX_INVALID",
    });
    const bare = writeOnnx({ ...model, metadata: {} });
    await expect(loadDetector(bare, runtime)).rejects.toThrow(/"version" is missing/);
    const cut = writeOnnx({ ...model, graph: { ...model.graph, outputs: [] } });
    await expect(loadDetector(cut, runtime)).rejects.toThrow(/has no output "score"/);
    const nodes = model.graph.nodes.map((node) => (node.op === "Log" ? { ...node, op: "Lg" } : node));
    const changed = { ...model, graph: { ...model.graph, nodes } };
    await expect(loadDetector(writeOnnx(changed), runtime)).rejects.toThrow(/something changed its bytes/);
    const { "scanflow.digest": _, ...metadata } = model.metadata;
    const refused = loadDetector(writeOnnx({ ...changed, metadata }), runtime);
    await expect(refused).rejects.toThrow(/the runtime refuses it/);
    await expect(refused).rejects.toMatchObject({ code: "SCANFLOW_DETECTOR_INVALID" });
  });
});

test("columns of numbers can be the pixels of an image", async () => {
  const tensor = bars(100, 1).columns[0];
  const names = Array.from({ length: 64 }, (_, pixel) => `p${pixel}`);
  const columns = Object.fromEntries(
    names.map((name, pixel) => [
      name,
      Float64Array.from({ length: 100 }, (_, row) => tensor?.values[row * 64 + pixel] ?? 0),
    ]),
  );
  const flat = await fitDetector(batchOf(columns), { runtime, seed: 1, steps: 20, image: [8, 8] });
  const whole = await fitDetector(bars(100, 1), { runtime, seed: 1, steps: 20 });
  expect((await flat.score(batchOf(columns))).score).toEqual((await whole.score(bars(100, 1))).score);
  expect(flat.image).toEqual([8, 8]);
});
