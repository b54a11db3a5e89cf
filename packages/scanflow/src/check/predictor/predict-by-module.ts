import { resolve } from "node:path";
import { OwnThread } from "../plug-in/own-thread.ts";
import { predictorFailed } from "../plug-in/plug-in-failed.ts";
import type { PredictorAnswer, PredictorTask } from "./messages.ts";
import type { OpenPredictor, PredictorRun } from "./open-predictor.ts";

/** A module whose default export predicts, in a thread of its own. */
export async function predictByModule(path: string, run: PredictorRun): Promise<OpenPredictor> {
  const { root, files, signal, timeoutMs } = run;
  const failed = predictorFailed(path);
  const thread = new OwnThread<PredictorTask, PredictorAnswer>(
    { name: "predictor", specifier: "./predictor-worker", base: import.meta.url },
    { module: resolve(root, path), inputs: files },
    { failed, signal, timeoutMs, instead: "Return answers, or throw" },
  );

  async function next(request?: unknown): Promise<unknown> {
    const answer = await thread.next(request);
    switch (answer.kind) {
      case "ready":
        return null;
      case "answered":
        return answer.answers;
      case "threw":
        throw failed(`threw: ${answer.message}`, "Call it on these rows alone to see why");
      case "not-loaded":
        throw failed(
          `cannot be loaded: ${answer.message}`,
          `Correct it, or its path, which is relative to ${root}`,
        );
      case "not-a-predictor":
        throw failed("has no function as its default export", "Write: export default (rows) => answers");
    }
  }

  try {
    await next();
  } catch (error) {
    await thread.close();
    throw error;
  }
  return { predict: next, close: () => thread.close() };
}
