import type { ColumnBatch } from "../batch/column-batch.ts";
import { ChecksError } from "../errors.ts";
import { int } from "../onnx/attributes.ts";
import { createGraph, type GraphBuilder, modelOf } from "../onnx/graph-builder.ts";
import type { OnnxRuntime } from "../onnx/runtime.ts";
import { writeOnnx } from "../onnx/write-model.ts";
import { createRandom } from "../random/random.ts";
import { shuffledPlaces } from "../random/shuffle.ts";
import type { Signal } from "../signal.ts";
import { type Calibration, calibrate, combined, surpriseOf } from "./calibration/calibrate.ts";
import type { Detector, DetectorKind } from "./detector.ts";
import type { Front, View } from "./front/front.ts";
import { fitImageFront } from "./front/image-front.ts";
import { fitTableFront } from "./front/table-front.ts";
import { type AutoencoderOptions, fitAutoencoder } from "./kind/fit-autoencoder.ts";
import { fitNeighbours } from "./kind/fit-neighbours.ts";
import { fitPca } from "./kind/fit-pca.ts";
import type { Sight, SightInput } from "./kind/sight.ts";
import { loadDetector } from "./load-detector.ts";
import { imageOf } from "./rows/image-of.ts";
import { learnColumns, rowsOf } from "./rows/row-columns.ts";
import { columnAt, type RowBlock, runGraph, takeBlock } from "./run-rows.ts";
import { sealed } from "./seal.ts";
import { writeSettings } from "./settings.ts";

/** Settings of `fitDetector`; those of `AutoencoderOptions` count for the kind `autoencoder` only. */
export interface FitOptions extends AutoencoderOptions {
  readonly runtime: OnnxRuntime;
  /** Default `autoencoder`. */
  readonly kind?: DetectorKind;
  /** Which columns to read; all when left out. */
  readonly columns?: readonly string[];
  /**
   * Shape of an image that the columns are the pixels of, row by row; or false to take images as plain numbers. A
   * single tensor column of two or three dimensions is an image of itself.
   */
  readonly image?: readonly number[] | false;
  /** Of what is held out, the first weights, the order of rows and the noise; default 0. */
  readonly seed?: number;
  readonly signal?: Signal;
}

/** Fewer rows than this tell nothing about the tail of a score. */
const fewestRows = 40;

/**
 * Fits a detector to reference data. A fifth of the rows is kept out of it, to find out which scores are usual: so a
 * single row can be scored, and a threshold holds for every detector alike.
 *
 * ```ts
 * import type { ColumnBatch } from "@scanflow/checks";
 * import { fitDetector } from "@scanflow/checks/detector";
 * import type { OnnxRuntime } from "@scanflow/checks/onnx";
 *
 * async function unusual(runtime: OnnxRuntime, reference: ColumnBatch, window: ColumnBatch) {
 *   const detector = await fitDetector(reference, { runtime, seed: 1 });
 *   const { score } = await detector.score(window);
 *   return score.filter((one) => one > 0.99).length;
 * }
 * ```
 *
 * @throws ChecksError SCANFLOW_DETECTOR_REFERENCE when the reference has fewer than 40 rows that can be used,
 * SCANFLOW_COLUMN_INVALID when a named column is not there, SCANFLOW_NETWORK_INVALID when the layers of `architecture`
 * do not fit, SCANFLOW_TRAINING_DIVERGED
 */
export async function fitDetector(reference: ColumnBatch, options: FitOptions): Promise<Detector> {
  const { runtime, kind = "autoencoder", seed = 0, signal } = options;
  const names = options.columns ?? reference.columns.map(({ name }) => name);
  const columns = learnColumns(reference, names);
  const image = imageOf(columns, options.image);
  const usable = usableRows({ rows: reference.rows, values: rowsOf(reference, columns) }, image !== null);
  if (usable.rows < fewestRows || columns.length === 0) {
    throw new ChecksError(
      "SCANFLOW_DETECTOR_REFERENCE",
      `The reference has ${usable.rows} rows of ${columns.length} columns that a detector can learn from: ` +
        `give at least ${fewestRows}, with at least one column.`,
    );
  }
  const shuffled = takeBlock(usable, shuffledPlaces(usable.rows, createRandom(seed, "split")));
  const held = Math.max(20, Math.floor(shuffled.rows / 5));
  const calibration = slice(shuffled, 0, held);
  const learning = slice(shuffled, held, shuffled.rows);
  const front = image ? await fitImageFront(runtime, learning, image) : fitTableFront(learning, columns);
  const rows = await standardise(runtime, front, learning);
  const input: SightInput = { runtime, rows, image, seed, ...(signal && { signal }) };
  const sight = await fitSight(kind, input, options);
  const model = await assemble({ runtime, front, sight, kind, calibration }, (views) =>
    writeSettings({
      kind,
      columns,
      image,
      views,
      seed,
      rows: usable.rows,
      heldOut: held,
      features: front.features,
    }),
  );
  return loadDetector(sealed(model), runtime);
}

function fitSight(
  kind: DetectorKind,
  input: SightInput,
  options: AutoencoderOptions,
): Promise<Sight> | Sight {
  if (kind === "pca") return fitPca(input);
  return kind === "neighbours" ? fitNeighbours(input) : fitAutoencoder(input, options);
}

/** Images with a hole cannot be learnt from; in tables a missing value is one of the values. */
function usableRows(block: RowBlock, complete: boolean): RowBlock {
  const width = block.rows === 0 ? 0 : block.values.length / block.rows;
  const usable = (value: number) => (complete ? Number.isFinite(value) : !isInfinite(value));
  const places = Array.from({ length: block.rows }, (_, row) => row).filter((row) =>
    block.values.subarray(row * width, (row + 1) * width).every(usable),
  );
  return places.length === block.rows ? block : takeBlock(block, places);
}

function isInfinite(value: number): boolean {
  return Math.abs(value) === Number.POSITIVE_INFINITY;
}

async function standardise(runtime: OnnxRuntime, front: Front, rows: RowBlock): Promise<RowBlock> {
  const graph = createGraph();
  graph.output("z", front.apply(graph, graph.input("x", ["rows", front.width])).z, ["rows", front.size]);
  return (await runGraph(runtime, graph, { rows, outputs: ["z"] })).get("z") ?? rows;
}

interface Parts {
  readonly runtime: OnnxRuntime;
  readonly front: Front;
  readonly sight: Sight;
  readonly kind: DetectorKind;
  readonly calibration: RowBlock;
}

/** The whole detector as one graph: first without calibration, to learn it, then with it. */
async function assemble(
  parts: Parts,
  settings: (views: readonly string[]) => Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const bare = createGraph();
  const { views } = body(bare, parts);
  bare.output("views", concatenated(bare, views), ["rows", views.length]);
  const raw = await measured(parts, bare, "views");
  const each = views.map((_, at) => calibrate(columnAt(raw, at)));
  const joined = createGraph();
  joined.output("joined", joinedSurprise(joined, body(joined, parts).views, each), ["rows", 1]);
  const whole = calibrate(columnAt(await measured(parts, joined, "joined"), 0));

  const graph = createGraph();
  const { front, sight } = parts;
  const all = body(graph, parts);
  const surprise = surpriseOf(graph, joinedSurprise(graph, all.views, each), whole);
  const score = graph.op("Sub", [graph.scalar(1), graph.op("Exp", [graph.op("Neg", [surprise])])]);
  graph.output("score", score, ["rows", 1]);
  graph.output("surprise", graph.op("Mul", [surprise, graph.scalar(Math.LOG10E)]), ["rows", 1]);
  graph.output("views", concatenated(graph, all.views), ["rows", all.views.length]);
  graph.output("latent", all.latent, ["rows", sight.latentSize]);
  graph.output("seen", all.z, ["rows", front.size]);
  graph.output("restored", all.restored, ["rows", front.size]);
  const names = all.views.map(({ name }) => name);
  return writeOnnx(modelOf(graph.finish("detector"), settings(names)));
}

function body(graph: GraphBuilder, { front, sight, kind }: Parts) {
  const { z, views } = front.apply(graph, graph.input("x", ["rows", front.width]));
  const seen = sight.apply(graph, z);
  return { ...seen, z, views: kind === "autoencoder" ? [...seen.views, ...views] : seen.views };
}

function joinedSurprise(graph: GraphBuilder, views: readonly View[], each: readonly Calibration[]): string {
  return combined(
    graph,
    views.map(({ value }, at) => surpriseOf(graph, value, each[at] as Calibration)),
  );
}

function concatenated(graph: GraphBuilder, views: readonly View[]): string {
  return graph.op(
    "Concat",
    views.map(({ value }) => value),
    { axis: int(1) },
  );
}

async function measured(
  { runtime, calibration }: Parts,
  graph: GraphBuilder,
  output: string,
): Promise<RowBlock> {
  const found = await runGraph(runtime, graph, { rows: calibration, outputs: [output] });
  return found.get(output) ?? calibration;
}

function slice({ rows, values }: RowBlock, from: number, to: number): RowBlock {
  const width = values.length / rows;
  return { rows: to - from, values: values.slice(from * width, to * width) };
}
