import type { ColumnBatch } from "../batch/column-batch.ts";
import { ChecksError } from "../errors.ts";
import type { Matrix } from "../maths/matrix.ts";
import { readOnnx } from "../onnx/read-model.ts";
import type { OnnxRuntime, OnnxSession } from "../onnx/runtime.ts";
import type { Detector, Scores } from "./detector.ts";
import { rowsOf, rowWidth } from "./rows/row-columns.ts";
import { columnAt, type RowBlock, runRows } from "./run-rows.ts";
import { isWhole } from "./seal.ts";
import { readSettings, type Settings } from "./settings.ts";

const outputs = ["score", "surprise", "views", "latent", "seen", "restored"];

/**
 * A detector that was saved, ready to score.
 *
 * @throws ChecksError SCANFLOW_ONNX_INVALID when the bytes are no ONNX file, SCANFLOW_DETECTOR_INVALID when it is no
 * detector's, was changed since it was saved, or the runtime refuses it
 */
export async function loadDetector(bytes: Uint8Array, runtime: OnnxRuntime): Promise<Detector> {
  const model = readOnnx(bytes);
  const { metadata, graph } = model;
  const settings = readSettings(metadata);
  const missing = outputs.find((name) => !graph.outputs.some((output) => output.name === name));
  if (missing !== undefined) throw unusable(`it has no output "${missing}"`);
  const width = graph.inputs[0]?.shape?.[1];
  if (width !== rowWidth(settings.columns)) {
    throw unusable(
      `its graph takes ${width} numbers a row, but its columns are ${rowWidth(settings.columns)}`,
    );
  }
  if (!isWhole(model)) throw unusable("it is not what was saved: something changed its bytes");
  const session = await runtime.open(bytes).catch((cause: unknown) => {
    throw unusable("the runtime refuses it", cause);
  });
  return detectorOf(bytes, settings, session);
}

function detectorOf(bytes: Uint8Array, settings: Settings, session: OnnxSession): Detector {
  const { kind, columns, image, views } = settings;

  async function run(batch: ColumnBatch, wanted: readonly string[]) {
    const block: RowBlock = { rows: batch.rows, values: rowsOf(batch, columns) };
    const found = await runRows(session, block, wanted).catch((cause: unknown) => {
      // Only the runtime's own complaints: an end that was asked for, or a coded error, is none of the file.
      if (!(cause instanceof Error) || "code" in cause || cause.name === "AbortError") throw cause;
      throw unusable(
        `the runtime cannot compute it (${cause.message.split("\n", 1)[0]?.slice(0, 200)})`,
        cause,
      );
    });
    return (name: string) => found.get(name) ?? block;
  }

  async function score(batch: ColumnBatch): Promise<Scores> {
    const result = await run(batch, ["score", "surprise", "views"]);
    const measured = views.map((name, at) => [name, columnAt(result("views"), at)] as const);
    const surprise = columnAt(result("surprise"), 0);
    return {
      score: surprise.map((value) => 1 - 10 ** -value),
      surprise,
      views: Object.fromEntries(measured),
    };
  }

  async function latent(batch: ColumnBatch): Promise<Matrix> {
    return matrixOf((await run(batch, ["latent"]))("latent"));
  }

  async function restore(batch: ColumnBatch) {
    const result = await run(batch, ["seen", "restored"]);
    return { seen: matrixOf(result("seen")), restored: matrixOf(result("restored")) };
  }

  return {
    kind,
    columns: columns.map(({ name }) => name),
    image,
    reference: { rows: settings.rows, heldOut: settings.heldOut },
    features: settings.features,
    score,
    latent,
    restore,
    save: () => bytes.slice(),
    close: () => session.close(),
  };
}

function matrixOf({ rows, values }: RowBlock): Matrix {
  return { rows, columns: rows === 0 ? 0 : values.length / rows, values: Float64Array.from(values) };
}

function unusable(reason: string, cause?: unknown): ChecksError {
  return new ChecksError(
    "SCANFLOW_DETECTOR_INVALID",
    `The file is no detector that can be used: ${reason}. Fit the detector again, or give a file that \`save()\` wrote.`,
    { cause },
  );
}
