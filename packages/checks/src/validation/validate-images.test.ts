import { expect, test } from "vitest";
import type { ColumnBatch } from "../batch/column-batch.ts";
import { datasetOf } from "../checker/dataset-of.ts";
import { inferSchema } from "./infer-schema.ts";
import type { Fault } from "./schema.ts";
import { validate } from "./validate.ts";

test("images are held to their shape, range and elements", async () => {
  const image = (rows: number, shape: number[], value: (at: number) => number): ColumnBatch => ({
    rows,
    columns: [
      {
        kind: "tensor",
        name: "image",
        validity: null,
        shape,
        values: Float32Array.from({ length: rows * shape.reduce((a, b) => a * b, 1) }, (_, at) => value(at)),
      },
    ],
  });
  const own = await inferSchema(
    datasetOf(
      "images",
      image(200, [4, 4], (at) => ((at * 7) % 11) / 10),
    ),
  );
  const rules = async (batch: ColumnBatch, schema = own) => {
    const { evidence } = await validate(datasetOf("window", batch), schema);
    return ((evidence.image?.faults ?? []) as unknown as Fault[]).map(({ rule }) => rule);
  };
  expect(await rules(image(50, [4, 4], (at) => ((at * 5) % 11) / 10))).toEqual([]);
  expect(await rules(image(50, [8, 2], () => 0.5))).toContain("shape");
  expect(await rules(image(50, [4, 4], (at) => (at * 5) % 256))).toContain("limits");
  expect(await rules(image(50, [4, 4], (at) => (at === 20 ? Number.NaN : 0.5)))).toContain("nonFinite");
  expect(await rules(image(50, [4, 4], () => 0))).toContain("peak");
  const bytes = await inferSchema(
    datasetOf(
      "bytes",
      image(200, [4, 4], (at) => (at * 7) % 256),
    ),
  );
  expect(bytes.columns.image).toMatchObject({ elements: "integer", shape: [4, 4], peak: expect.any(Number) });
  expect(
    await rules(
      image(50, [4, 4], (at) => (at * 5) % 256),
      bytes,
    ),
  ).toEqual([]);
  expect(
    await rules(
      image(50, [4, 4], (at) => (at % 16) / 16),
      bytes,
    ),
  ).toEqual(["fraction", "peak"]);
});
