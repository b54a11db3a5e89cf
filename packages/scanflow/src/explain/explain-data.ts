import { type ColumnBatch, type Matrix, sampleBatch, takeRows, toMatrix } from "@scanflow/checks";
import { type Attributions, featureRows, kernelShap, treeShap } from "@scanflow/checks/explain";
import { ScanflowError } from "@scanflow/core";
import { type DataOptions, openDataset, readBatches } from "../data/index.ts";
import type { Explanation } from "./explanation.ts";
import { featuresIn } from "./match-features.ts";
import { type OpenModel, openModel } from "./open-model.ts";
import { figuresOf, importanceOf, rowExplanation } from "./tell-attributions.ts";

/** What `explainData` works on. */
export interface ExplainRequest {
  readonly model: string;
  readonly data: string;
  /** Rows that stand for "not known"; default: some of the data, where there must be any. */
  readonly background: string | null;
  /** Of the data, from 0: this one is explained. null: which features matter over all. */
  readonly row: number | null;
  /** Which output is told; null: the likeliest one of a row, the sum over all for importance. */
  readonly output: number | null;
  /** Most rows whose contributions are averaged; null: 1,000 by trees, 50 by other models. */
  readonly rows: number | null;
  readonly seed: number;
  readonly reading: DataOptions;
}

const BACKGROUND = { trees: 100, network: 20 } as const;
const ROWS = { trees: 1_000, network: 50 } as const;

/**
 * Explains a model file on a file of data: trees exactly, any other ONNX model by Kernel SHAP.
 *
 * @throws ScanflowError SCANFLOW_EXPLAIN_MODEL, SCANFLOW_EXPLAIN_COLUMNS, SCANFLOW_EXPLAIN_ROW, or as `readBatches`
 */
export async function explainData(request: ExplainRequest): Promise<Explanation> {
  const opened = await openModel(request.model);
  try {
    return await explainOpened(opened, request);
  } finally {
    await opened.close();
  }
}

async function explainOpened(opened: OpenModel, request: ExplainRequest): Promise<Explanation> {
  const { seed, reading, row } = request;
  const sample = sampleBatch(await (await openDataset(request.data, { ...reading, seed })).profile());
  if (sample.rows === 0) {
    throw new ScanflowError(
      "SCANFLOW_EXPLAIN_ROW",
      `"${request.data}" has no rows to explain the model on. Give some with --data.`,
    );
  }
  const features = columnsOf(opened, sample);
  const background = await backgroundOf(opened, { request, sample, features });
  const asked =
    row === null ? firstRows(sample, request.rows ?? ROWS[opened.kind]) : await rowAt(request, row);
  const rows = matrixOf(opened, asked, features);
  const attributions = await attribute(opened, rows, { background, features, seed, signal: reading.signal });
  const texts = textsOf(opened, rows);
  const outputs = attributions.values.length;
  needOutput(request.output, outputs);
  return {
    method:
      opened.kind === "network"
        ? "kernel"
        : background === null
          ? "tree-path-dependent"
          : "tree-interventional",
    rows: rows.rows,
    outputs,
    importance: importanceOf(attributions, request.output),
    row: row === null ? null : rowExplanation(attributions, { rows, row, texts, output: request.output }),
    figures: figuresOf(attributions, { rows, row, texts, output: request.output }),
  };
}

interface Found {
  readonly request: ExplainRequest;
  readonly sample: ColumnBatch;
  readonly features: readonly string[];
}

async function backgroundOf(opened: OpenModel, { request, sample, features }: Found): Promise<Matrix | null> {
  const most = BACKGROUND[opened.kind];
  if (request.background !== null) {
    const { reading, seed } = request;
    const given = sampleBatch(await (await openDataset(request.background, { ...reading, seed })).profile());
    return matrixOf(opened, firstRows(given, most), columnsOf(opened, given));
  }
  const hasCovers = opened.kind === "trees" && opened.model.trees.every(({ cover }) => cover !== null);
  return hasCovers ? null : matrixOf(opened, firstRows(sample, most), features);
}

/** Which column each feature is. */
function columnsOf(opened: OpenModel, batch: ColumnBatch): readonly string[] {
  if (opened.kind === "network") return featuresIn(batch, opened.features);
  return featuresIn(batch, opened.model.features, new Set(opened.model.levels.keys()));
}

function matrixOf(opened: OpenModel, batch: ColumnBatch, columns: readonly string[]): Matrix {
  return opened.kind === "network" ? toMatrix(batch, columns) : featureRows(opened.model, batch, columns);
}

/** What the features of the first row are called that are categories; null for numbers. */
function textsOf(opened: OpenModel, { columns, values }: Matrix): (string | null)[] {
  return Array.from({ length: columns }, (_, at) => {
    if (opened.kind === "network") return null;
    const levels = opened.model.levels.get(opened.model.features[at] ?? "");
    return levels?.[values[at] as number] ?? null;
  });
}

interface Given {
  readonly background: Matrix | null;
  readonly features: readonly string[];
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

async function attribute(
  opened: OpenModel,
  rows: Matrix,
  { background, features, seed, signal }: Given,
): Promise<Attributions> {
  if (opened.kind === "network") {
    return kernelShap(opened.predict, rows, { background: background ?? rows, features, seed, signal });
  }
  const attributions = treeShap(opened.model, rows, background === null ? {} : { background });
  return { ...attributions, features };
}

function firstRows(batch: ColumnBatch, most: number): ColumnBatch {
  return takeRows(
    batch,
    Array.from({ length: Math.min(most, batch.rows) }, (_, row) => row),
  );
}

async function rowAt({ data, reading }: ExplainRequest, row: number): Promise<ColumnBatch> {
  let before = 0;
  for await (const batch of readBatches(data, reading)) {
    if (row < before + batch.rows) return takeRows(batch, [row - before]);
    before += batch.rows;
  }
  throw new ScanflowError(
    "SCANFLOW_EXPLAIN_ROW",
    `"${data}" has no row ${row}: it has ${before}, counted from 0. Name one from 0 to ${before - 1} with --row.`,
  );
}

function needOutput(output: number | null, outputs: number): void {
  if (output === null || output < outputs) return;
  throw new ScanflowError(
    "SCANFLOW_EXPLAIN_ROW",
    `The model has no output ${output}: it has ${outputs}, counted from 0. Name one from 0 to ${outputs - 1} with --output.`,
  );
}
