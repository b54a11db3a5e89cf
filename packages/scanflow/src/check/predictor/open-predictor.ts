import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type ColumnBatch, concatBatches, type PredictRows } from "@scanflow/checks";
import { isCheckModule } from "../../runners/check-module.ts";
import { predictorFailed } from "../plug-in/plug-in-failed.ts";
import { predictByCommand } from "./predict-by-command.ts";

/** What a predictor is run with. */
export interface PredictorRun {
  /** The folder that paths are relative to, and commands run in (absolute). */
  readonly root: string;
  /** Further files by what it calls them, such as the model (absolute paths). */
  readonly files: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * A model that predicts rows: a module whose default export takes and gives a `ColumnBatch`, or a command that reads
 * rows as CSV from SCANFLOW_INPUT_ROWS and writes answers as CSV to SCANFLOW_OUTPUT_PREDICTIONS, one for each row.
 * A further file, such as `model`, lies at SCANFLOW_INPUT_MODEL; a module has its path as `inputs.model` of the second
 * argument.
 *
 * A module is called in the thread of the check, with no way to end it but to end the check: a thread of its own would
 * add the way there and back to the latency that model tests measure. A command is ended after `timeoutMs`.
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
    throw predictorFailed(`"${how}"`)(
      `answered ${answers.rows} rows when it was given ${rows.rows}`,
      "Let it answer one for each, in their order",
    );
  };
}

async function predictorModule(path: string, { root, files }: PredictorRun): Promise<PredictRows> {
  const file = resolve(root, path);
  const exports: Record<string, unknown> = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw predictorFailed(path, cause)(
      `cannot be loaded: ${reason}`,
      `Correct it, or its path, which is relative to ${root}`,
    );
  });
  const { default: predict } = exports;
  if (typeof predict === "function") return (rows) => predict(rows, { inputs: files });
  throw predictorFailed(path)(
    "has no function as its default export",
    "Write: export default (rows) => answers",
  );
}
