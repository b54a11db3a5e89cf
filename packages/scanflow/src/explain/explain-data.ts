import {
  type ColumnBatch,
  type Figure,
  type Matrix,
  sampleBatch,
  takeRows,
  toMatrix,
} from "@scanflow/checks";
import {
  type Attributions,
  importanceFigure,
  kernelShap,
  meanMagnitudes,
  rowFigure,
  summaryFigure,
  treeShap,
} from "@scanflow/checks/explain";
import { ScanflowError } from "@scanflow/core";
import { type DataOptions, openDataset, readBatches } from "../data/index.ts";
import { featuresIn } from "./match-features.ts";
import { type OpenModel, openModel } from "./open-model.ts";

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

/** What a model's answers rest on. */
export interface Explanation {
  readonly method: "tree-path-dependent" | "tree-interventional" | "kernel";
  /** Rows that were explained. */
  readonly rows: number;
  readonly outputs: number;
  /** Features with their mean absolute contribution, the most important first. */
  readonly importance: readonly { readonly feature: string; readonly importance: number }[];
  readonly row: RowExplanation | null;
  readonly figures: readonly Figure[];
}

/** Why one row got its answer. */
export interface RowExplanation {
  readonly row: number;
  readonly output: number;
  /** In the unit of the contributions: the score of trees, the answer of other models. */
  readonly base: number;
  readonly answer: number;
  readonly contributions: readonly {
    readonly feature: string;
    /** null where it is missing. */
    readonly value: number | null;
    readonly contribution: number;
  }[];
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
  const features = featuresIn(sample, opened.kind === "trees" ? opened.model.features : opened.features);
  const background = await backgroundOf(opened, { request, sample, features });
  const asked =
    row === null ? firstRows(sample, request.rows ?? ROWS[opened.kind]) : await rowAt(request, row);
  const rows = toMatrix(asked, features);
  const attributions = await attribute(opened, rows, { background, features, seed });
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
    row: row === null ? null : rowExplanation(attributions, { rows, row, output: request.output }),
    figures: figuresOf(attributions, { rows, row, output: request.output }),
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
    return toMatrix(firstRows(given, most), featuresIn(given, features));
  }
  const hasCovers = opened.kind === "trees" && opened.model.trees.every(({ cover }) => cover !== null);
  return hasCovers ? null : toMatrix(firstRows(sample, most), features);
}

async function attribute(
  opened: OpenModel,
  rows: Matrix,
  { background, features, seed }: { background: Matrix | null; features: readonly string[]; seed: number },
): Promise<Attributions> {
  if (opened.kind === "network") {
    return kernelShap(opened.predict, rows, { background: background ?? rows, features, seed });
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

function importanceOf(attributions: Attributions, output: number | null): Explanation["importance"] {
  const outputs = output === null ? attributions.values.keys() : [output];
  const sums = new Float64Array(attributions.features.length);
  for (const own of outputs) {
    for (const [at, mean] of meanMagnitudes(attributions, own).entries())
      sums[at] = (sums[at] as number) + mean;
  }
  return attributions.features
    .map((feature, at) => ({ feature, importance: sums[at] as number }))
    .sort((a, b) => b.importance - a.importance);
}

interface Shown {
  readonly rows: Matrix;
  readonly row: number | null;
  readonly output: number | null;
}

function rowExplanation(
  attributions: Attributions,
  { rows, row, output }: Shown & { readonly row: number },
): RowExplanation {
  const shown = output ?? likeliest(attributions);
  const contributions = attributions.values[shown]?.values ?? new Float64Array(0);
  const base = attributions.base[shown] as number;
  return {
    row,
    output: shown,
    base,
    answer: contributions.reduce((sum, value) => sum + value, base),
    contributions: attributions.features
      .map((feature, at) => {
        const value = rows.values[at] as number;
        return {
          feature,
          value: Number.isNaN(value) ? null : value,
          contribution: contributions[at] as number,
        };
      })
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
}

/** The output with the highest score in the first row. */
function likeliest({ base, values }: Attributions): number {
  const scores = values.map((own, output) =>
    own.values.reduce((sum, value) => sum + value, base[output] as number),
  );
  return scores.indexOf(Math.max(...scores));
}

function figuresOf(attributions: Attributions, { rows, row, output }: Shown): Figure[] {
  const shown = output ?? (row === null ? 0 : likeliest(attributions));
  if (row !== null) {
    const figure = rowFigure(attributions, { rows, row: 0 }, { output: shown });
    return [{ ...figure, title: figure.title.replace(/^Row 0/, `Row ${row}`) }];
  }
  return [
    importanceFigure(attributions, { output: shown }),
    summaryFigure(attributions, rows, { output: shown }),
  ];
}
