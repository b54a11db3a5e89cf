import { readFile } from "node:fs/promises";
import { batchOf, type ColumnBatch, type ModelRoles, toMatrix } from "@scanflow/checks";
import { onnxPredictor } from "@scanflow/checks/explain";
import { readOnnx } from "@scanflow/checks/onnx";
import { inFile } from "../../data/index.ts";
import { createOnnxRuntime } from "../../inference/index.ts";
import { predictorFailed } from "../plug-in/plug-in-failed.ts";
import { nameAnswers } from "./name-answers.ts";
import type { OpenPredictor } from "./open-predictor.ts";

/**
 * A network or another model in an ONNX file: it takes the columns of numbers in their order, and its numbers are called
 * what the roles call them.
 */
export async function predictByOnnx(path: string, how: string, roles: ModelRoles): Promise<OpenPredictor> {
  const failed = predictorFailed(how);
  const bytes = await readFile(path).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw failed(`cannot be read: ${reason}`, "Correct its path");
  });
  const model = await inFile(how, () => readOnnx(bytes));
  const runtime = createOnnxRuntime();
  try {
    const { predict, features } = onnxPredictor(await runtime.open(bytes), model);
    return {
      predict: async (rows) => {
        const columns = featuresOf(rows);
        const width = toMatrix({ rows: 0, columns: rows.columns }, columns).columns;
        if (features !== null && width !== features) {
          const given = columns.map((name) => `"${name}"`).join(", ");
          throw failed(
            `takes ${features} numbers a row, and the columns of numbers are ${width} (${given})`,
            "Name the features that it was fitted on, in its order, with --columns, beside those of the answers",
          );
        }
        const answers = await predict(toMatrix(rows, columns));
        return batchOf(nameAnswers(answers, roles, failed));
      },
      close: () => runtime.close(),
    };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

function featuresOf({ columns }: ColumnBatch): string[] {
  return columns.filter(({ kind }) => kind !== "text" && kind !== "time").map(({ name }) => name);
}
