import { createRandom } from "../random/random.ts";
import type { CheckContext } from "./checker.ts";

const NEVER: CheckContext["signal"] = { aborted: false, throwIfAborted() {} };

/**
 * What a checker is called with where a program calls it itself.
 *
 * ```ts
 * import { batchOf, checkContext, datasetOf, driftChecker } from "@scanflow/checks";
 *
 * const reference = datasetOf("june", batchOf({ age: Array.from({ length: 100 }, (_, row) => row) }));
 * const window = datasetOf("july", batchOf({ age: Array.from({ length: 100 }, (_, row) => row + 60) }));
 * const verdict = await driftChecker(window, reference, checkContext("drift", { params: { minimumEffect: 0.2 } }));
 * console.log(verdict.status, verdict.columns); // alarm [ 'age' ]
 * ```
 *
 * @param seed the same one gives the same verdict
 */
export function checkContext(
  name: string,
  {
    params = {},
    seed = 1,
    signal = NEVER,
    onnx,
    readFile,
    openPredictor,
    now,
  }: Partial<Omit<CheckContext, "name" | "random">> & { seed?: number } = {},
): CheckContext {
  return {
    name,
    params,
    signal,
    random: (stream) => createRandom(seed, `${name}/${stream}`),
    ...(onnx && { onnx }),
    ...(readFile && { readFile }),
    ...(openPredictor && { openPredictor }),
    ...(now && { now }),
  };
}
