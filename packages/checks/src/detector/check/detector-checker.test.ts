import { beforeAll, describe, expect, test } from "vitest";
import { batchOf } from "../../batch/batch-of.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { takeRows } from "../../batch/take-rows.ts";
import { checkContext } from "../../checker/check-context.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import type { JsonObject } from "../../json/json.ts";
import { runtime } from "../../nn/nn.support.ts";
import { parseVerdict } from "../../verdict/parse-verdict.ts";
import { bars, table } from "../detector.support.ts";
import { fitDetector } from "../fit-detector.ts";
import { detectorChecker } from "./detector-checker.ts";

let saved = new Uint8Array(0);
beforeAll(async () => {
  saved = (await fitDetector(bars(800, 1), { runtime, seed: 1, steps: 300 })).save() as typeof saved;
});

const readFile = async () => saved;
const context = (params: JsonObject) => checkContext("unusual", { params, onnx: runtime, readFile });
const other = bars(100, 2, (random) => 5 + 2 * random);

describe("a window of images, by a saved detector", () => {
  test("is ok when it is like the reference, and shows its worst rows all the same", async () => {
    const verdict = await detectorChecker(
      datasetOf("monday", bars(300, 3)),
      null,
      context({ detector: "d.onnx" }),
    );
    expect(verdict).toMatchObject({ status: "ok", columns: [] });
    expect(verdict.figures?.map(({ kind }) => kind)).toEqual(["histogram", "images"]);
    expect(parseVerdict(JSON.stringify(verdict)).evidence).toEqual(verdict.evidence);
  });

  test("is an alarm when it shows something else, and says which rows", async () => {
    const verdict = await detectorChecker(
      datasetOf("tuesday", [bars(50, 4), other]),
      null,
      context({ detector: "d.onnx", worst: 3 }),
    );
    expect(verdict).toMatchObject({ status: "alarm", columns: ["image"] });
    const worst = verdict.evidence.image?.worst as { row: number }[];
    expect(worst).toHaveLength(3);
    expect(worst.every(({ row }) => row >= 50)).toBe(true);
  });

  test("of one row is judged, and may be an alarm", async () => {
    const one = takeRows(other, [0]);
    const verdict = await detectorChecker(datasetOf("one", one), null, context({ detector: "d.onnx" }));
    expect(verdict.status).toBe("alarm");
  });

  test("without a single row, with other columns or with a broken detector is invalid", async () => {
    const empty = await detectorChecker(datasetOf("none", bars(0, 1)), null, context({ detector: "d.onnx" }));
    expect(empty).toMatchObject({ status: "invalid", message: expect.stringContaining("none has 0 rows") });
    const unlike = await detectorChecker(datasetOf("t", table(50, 1)), null, context({ detector: "d.onnx" }));
    expect(unlike).toMatchObject({
      status: "invalid",
      message: expect.stringContaining('"image" is not there'),
    });
    const broken = { ...context({ detector: "d.onnx" }), readFile: async () => saved.slice(0, 99) };
    expect(await detectorChecker(datasetOf("b", bars(9, 1)), null, broken)).toMatchObject({
      status: "invalid",
    });
    const unscored = bars(2, 1).columns.map((column) => ({
      ...column,
      values: column.values.map(() => Number.NaN),
    }));
    const holes = await detectorChecker(
      datasetOf("h", { rows: 2, columns: unscored }),
      null,
      context({ detector: "d" }),
    );
    expect(holes).toMatchObject({
      status: "invalid",
      message: expect.stringContaining("No row can be scored"),
    });
  });
});

test("without a saved detector one is fitted to the reference, and the column behind an alarm is named", async () => {
  const window = table(200, 5);
  const columns = window.columns.map((column) =>
    column.name === "twice" && column.kind === "number"
      ? { ...column, values: column.values.map((value) => -value) }
      : column,
  );
  const reference = datasetOf("reference", table(600, 1));
  const check = (data: typeof window) =>
    detectorChecker(datasetOf("window", data), reference, context({ kind: "pca" }));
  expect((await check(window)).status).not.toBe("alarm");
  const verdict = await check({ ...window, columns });
  expect(verdict.status).toBe("alarm");
  expect(["x", "twice"]).toContain(verdict.columns[0]);
});

test("the most unusual rows are called by the id asked for, and by their number where it is missing", async () => {
  const window = bars(40, 3);
  const names = Array.from({ length: 40 }, (_, row) => (row % 2 === 0 ? null : `scan ${row}`));
  const { columns } = batchOf({ scan: names });
  const verdict = await detectorChecker(
    datasetOf("named", { rows: 40, columns: [...window.columns, ...columns] }),
    null,
    context({ detector: "d.onnx", id: "scan", worst: 40 }),
  );
  const worst = verdict.evidence.image?.worst as readonly { row: number; id: string }[];
  expect(worst.length).toBe(40);
  for (const { row, id } of worst) expect(id).toBe(names[row] ?? String(row));
});

test("the original detector is a kind as well: images unlike the reference are flagged, tables are refused", async () => {
  const reference = datasetOf("reference", bars(200, 1));
  const check = (window: ColumnBatch) =>
    detectorChecker(datasetOf("window", window), reference, context({ kind: "scanflow-2021" }));
  const verdict = await check(other);
  expect(verdict).toMatchObject({ status: "alarm", columns: ["image"] });
  expect(verdict.evidence.image).toMatchObject({ detector: "scanflow-2021", rows: 100, expected: 0.05 });
  const tables = datasetOf("t", table(50, 1));
  const refused = await detectorChecker(tables, tables, context({ kind: "scanflow-2021" }));
  expect(refused).toMatchObject({
    status: "invalid",
    message: expect.stringContaining("one tensor column"),
  });
});

const conv = { kind: "conv", filters: 4, kernel: 3, stride: 2, padding: "same" };
const up = [
  { kind: "upsample", scale: 2 },
  { kind: "conv", filters: 1, kernel: 3 },
];

test.each<[string, JsonObject]>([
  ["the convolutional preset", { architecture: "convolutional" }],
  ["layers of one's own", { architecture: { encoder: [conv, { kind: "tanh" }], decoder: up } }],
])("%s can be asked for in the params", async (_, params) => {
  const reference = datasetOf("reference", bars(200, 1));
  const check = (window: ColumnBatch) =>
    detectorChecker(datasetOf("window", window), reference, context({ ...params, steps: 60 }));
  expect((await check(other)).status).toBe("alarm");
  expect((await check(bars(60, 2))).status).not.toBe("alarm");
});

test("layers that do not fit the images are an error, and no verdict on the data", async () => {
  const reference = datasetOf("reference", bars(60, 1));
  const wrong = context({ architecture: { encoder: [{ ...conv, filters: 3 }], decoder: [] } });
  await expect(detectorChecker(reference, reference, wrong)).rejects.toMatchObject({
    code: "SCANFLOW_NETWORK_INVALID",
  });
});

test("without ONNX Runtime, or with neither reference nor detector, the verdict says what to give", async () => {
  const window = datasetOf("w", table(50, 1));
  const bare = await detectorChecker(window, window, checkContext("unusual"));
  expect(bare).toMatchObject({ status: "invalid", message: expect.stringContaining("set `onnx`") });
  const nothing = await detectorChecker(window, null, context({}));
  expect(nothing).toMatchObject({
    status: "invalid",
    message: expect.stringContaining("neither a reference"),
  });
});

test.each([
  [{ threshold: 1 }, /"threshold" is 1, not between 0 and 1/],
  [{ kind: "forest" }, /"kind" is "forest", not one of autoencoder, pca, neighbours, scanflow-2021/],
  [{ image: "8x8" }, /"image" is "8x8", not a list/],
  [{ steps: 0 }, /"steps" is 0, not a whole number from 1/],
  [{ architecture: "deep" }, /"architecture" is "deep", not one of dense, convolutional/],
  [{ architecture: { encoder: [] } }, /"architecture.decoder" is missing, not a list/],
  [
    { architecture: { encoder: [{ ...conv, filters: 0 }], decoder: up } },
    /"architecture.encoder\[0\].filters" is 0, not a whole number from 1 on/,
  ],
  [
    { architecture: { encoder: [{ ...conv, strides: 2 }], decoder: up } },
    /"architecture.encoder\[0\].strides" is 2, not one of its fields/,
  ],
  [
    { architecture: { encoder: [{ kind: "lstm" }], decoder: up } },
    /"architecture.encoder\[0\].kind" is "lstm", not one of dense, conv/,
  ],
])("the params %j are refused", async (params, message) => {
  const window = datasetOf("w", table(50, 1));
  await expect(detectorChecker(window, null, context(params as JsonObject))).rejects.toThrow(message);
});
