import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type ColumnBatch, concatBatches, type PredictRows } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";
import { isCheckModule } from "../../runners/check-module.ts";
import { predictByCommand } from "./predict-by-command.ts";

/** What a predictor is run with. */
export interface PredictorRun {
  /** The folder that paths are relative to, and commands run in (absolute). */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * A model that predicts rows: a module whose default export takes and gives a `ColumnBatch`, or a command that reads
 * rows as CSV from SCANFLOW_INPUT_ROWS and writes answers as CSV to SCANFLOW_OUTPUT_PREDICTIONS, one for each row.
 *
 * @throws ScanflowError SCANFLOW_PREDICTOR_FAILED
 */
export async function openPredictor(how: string, run: PredictorRun): Promise<PredictRows> {
  const predict = isCheckModule(how)
    ? await predictorModule(how, run)
    : (rows: ColumnBatch) => predictByCommand(how, rows, run);
  return async (rows) => {
    const answers = concatBatches([await predict(rows)]);
    if (answers.rows === rows.rows) return answers;
    throw new ScanflowError(
      "SCANFLOW_PREDICTOR_FAILED",
      `The predictor ${how} answered ${answers.rows} rows when it was given ${rows.rows}. Let it answer one for each, in their order.`,
    );
  };
}

async function predictorModule(path: string, { root }: PredictorRun): Promise<PredictRows> {
  const file = resolve(root, path);
  const exports: Record<string, unknown> = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScanflowError(
      "SCANFLOW_PREDICTOR_FAILED",
      `The predictor ${path} cannot be loaded: ${reason}. Correct it, or its path, which is relative to ${root}.`,
      { cause },
    );
  });
  if (typeof exports.default === "function") return exports.default as PredictRows;
  throw new ScanflowError(
    "SCANFLOW_PREDICTOR_FAILED",
    `The predictor ${path} has no function as its default export. Write: export default (rows) => answers`,
  );
}
