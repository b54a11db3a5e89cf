import { resolve } from "node:path";
import { type ColumnBatch, checkBatch, type ModelRoles, type PredictRows } from "@scanflow/checks";
import { isCheckModule } from "../../runners/check-module.ts";
import { predictorFailed } from "../plug-in/plug-in-failed.ts";
import { predictByCommand } from "./predict-by-command.ts";
import { predictByModule } from "./predict-by-module.ts";

/** What a predictor is run with. */
export interface PredictorRun {
  /** The folder that paths are relative to, and commands run in (absolute). */
  readonly root: string;
  /** Further files by what it calls them, such as the model (absolute paths). */
  readonly files: Readonly<Record<string, string>>;
  /** What its answers are called, where it has no names for them itself. */
  readonly roles: ModelRoles;
  readonly signal: AbortSignal;
  /** For one batch of rows. */
  readonly timeoutMs: number;
}

/** A predictor with what it holds on to; what it answers is not looked at yet. */
export interface OpenPredictor {
  predict(rows: ColumnBatch): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * A model that predicts rows: a module whose default export takes and gives a `ColumnBatch`; a command that reads rows
 * as CSV from SCANFLOW_INPUT_ROWS and writes answers as CSV to SCANFLOW_OUTPUT_PREDICTIONS, one for each row; or an
 * ONNX file, named by its path, or by what a further file is called. A further file, such as `model`, lies at
 * SCANFLOW_INPUT_MODEL; a module has its path as `inputs.model` of the second argument.
 *
 * A module runs in a thread of its own, a command in a process: both are ended when an answer takes longer than
 * `timeoutMs`. The way to the thread and back adds some tenths of a millisecond to the latency that model tests measure.
 *
 * @throws ScanflowError SCANFLOW_PREDICTOR_FAILED
 */
export async function openPredictor(
  how: string,
  run: PredictorRun,
): Promise<{ readonly predict: PredictRows; close(): Promise<void> }> {
  const failed = predictorFailed(`"${how}"`);
  const { predict, close } = await openKind(how, run);
  return {
    predict: async (rows) => {
      const answers = batchFrom(await predict(rows), failed);
      if (answers.rows === rows.rows) return answers;
      throw failed(
        `answered ${answers.rows} rows when it was given ${rows.rows}`,
        "Let it answer one for each, in their order",
      );
    },
    close,
  };
}

async function openKind(how: string, run: PredictorRun): Promise<OpenPredictor> {
  const file = Object.hasOwn(run.files, how) ? run.files[how] : undefined;
  const path = file ?? how;
  if (isCheckModule(path)) return predictByModule(path, run);
  if (file !== undefined || /^\S+\.onnx$/i.test(how)) {
    const { predictByOnnx } = await import("./predict-by-onnx.ts");
    return predictByOnnx(resolve(run.root, path), how, run.roles);
  }
  return { predict: (rows) => predictByCommand(how, rows, run), close: () => Promise.resolve() };
}

/** What somebody's code answered, if it is a batch. */
function batchFrom(answers: unknown, failed: ReturnType<typeof predictorFailed>): ColumnBatch {
  try {
    const { rows, columns } = answers as ColumnBatch;
    checkBatch({ rows, columns });
    return { rows, columns };
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? ` (${cause.message.replace(/\.$/, "")})` : "";
    throw failed(
      `did not answer a ColumnBatch${reason}`,
      "Let it answer { rows, columns }, as batchOf makes it",
    );
  }
}
