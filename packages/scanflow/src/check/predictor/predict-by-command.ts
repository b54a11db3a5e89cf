import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ColumnBatch, gatherRows } from "@scanflow/checks";
import { openDataset } from "../../data/index.ts";
import { inputVariables } from "../plug-in/input-variables.ts";
import { outputOf } from "../plug-in/output-of.ts";
import { predictorFailed } from "../plug-in/plug-in-failed.ts";
import type { PredictorRun } from "./open-predictor.ts";

/** Has a command predict rows, by the node contract. */
export async function predictByCommand(
  command: string,
  rows: ColumnBatch,
  { root, files, signal, timeoutMs }: PredictorRun,
): Promise<ColumnBatch> {
  const { writeCsv } = await import("./write-csv.ts");
  const folder = await mkdtemp(join(tmpdir(), "scanflow-predict-"));
  try {
    const [given, answered] = [join(folder, "rows.csv"), join(folder, "predictions.csv")];
    await writeCsv(given, rows);
    const env = {
      ...process.env,
      ...inputVariables(files),
      SCANFLOW_INPUT_ROWS: given,
      SCANFLOW_OUTPUT_PREDICTIONS: answered,
    };
    const failed = predictorFailed(`"${command}"`);
    await outputOf(command, { ...{ env, cwd: root, signal, timeoutMs }, failed });
    if (!existsSync(answered)) {
      throw failed("wrote no predictions", "Write a line for each row as CSV to SCANFLOW_OUTPUT_PREDICTIONS");
    }
    return await gatherRows(await openDataset(answered, { header: true, name: "predictions" }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
