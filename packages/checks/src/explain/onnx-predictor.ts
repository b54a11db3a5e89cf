import { ChecksError } from "../errors.ts";
import type { Matrix } from "../maths/matrix.ts";
import type { OnnxModel, OnnxValue } from "../onnx/model.ts";
import type { OnnxSession } from "../onnx/runtime.ts";
import type { Predict } from "./predict.ts";

/** Any ONNX model as a predictor, and how many features its rows have. */
export interface OnnxPredictor {
  readonly predict: Predict;
  /** null when the model does not say. */
  readonly features: number | null;
}

/**
 * A predictor of an ONNX model that takes one tensor of 32-bit numbers with a row per row, such as [N, 30] or
 * [N, 1, 28, 28], and answers another: the last one, which for classifiers is their probabilities.
 *
 * @param session of the same model
 * @throws ChecksError SCANFLOW_PREDICTOR_INVALID when the model takes or answers something else
 */
export function onnxPredictor(session: OnnxSession, { graph }: OnnxModel): OnnxPredictor {
  const given = graph.inputs.filter(
    ({ name }) => !graph.constants.some((constant) => constant.name === name),
  );
  const [input] = given;
  const isOne = given.length === 1 && input?.element === "float32";
  if (input === undefined || !isOne) throw wrong(`takes ${shown(given)}, not one tensor of float32`);
  const output = graph.outputs.findLast(({ element }) => element === "float32");
  if (output === undefined) throw wrong(`answers ${shown(graph.outputs)}, and no tensor of float32`);
  const inner = (input.shape ?? []).slice(1);
  const sizes = inner.filter((size) => typeof size === "number");
  const features =
    sizes.length === inner.length && inner.length > 0 ? sizes.reduce((a, b) => a * b, 1) : null;

  async function predict({ rows, columns, values }: Matrix): Promise<Matrix> {
    const shape = [rows, ...(features === columns ? sizes : [columns])];
    const [answers] = await session.run(
      [{ [(input as OnnxValue).name]: { shape, values: Float32Array.from(values) } }],
      { outputs: [(output as OnnxValue).name] },
    );
    const answer = answers?.[(output as OnnxValue).name];
    const numbers = Float64Array.from(answer?.values ?? [], Number);
    return { rows, columns: numbers.length / rows, values: numbers };
  }

  return { predict, features };
}

function shown(values: readonly OnnxValue[]): string {
  return values.map(({ name, element }) => `"${name}" (${element ?? "no tensor"})`).join(", ") || "nothing";
}

function wrong(found: string): ChecksError {
  return new ChecksError(
    "SCANFLOW_PREDICTOR_INVALID",
    `The ONNX model ${found}: export it so, such as with zipmap=False, or write a predictor for it.`,
  );
}
