import type { CheckContext } from "../../checker/checker.ts";
import { ChecksError } from "../../errors.ts";
import type { OnnxRuntime } from "../../onnx/runtime.ts";
import type { Detector } from "../detector.ts";
import { loadDetector } from "../load-detector.ts";

/** What computes a checker's networks. @throws ChecksError SCANFLOW_DETECTOR_INVALID where the program gave none */
export function needRuntime({ onnx }: Pick<CheckContext, "onnx">): OnnxRuntime {
  if (onnx !== undefined) return onnx;
  throw new ChecksError(
    "SCANFLOW_DETECTOR_INVALID",
    "A detector needs ONNX Runtime, and the program that called this check gave none: set `onnx` in its context.",
  );
}

/** The detector that a param names. @throws ChecksError SCANFLOW_DETECTOR_INVALID where it cannot be read or used */
export async function openSaved(path: string, context: CheckContext): Promise<Detector> {
  const runtime = needRuntime(context);
  const { readFile } = context;
  if (readFile === undefined) {
    throw new ChecksError(
      "SCANFLOW_DETECTOR_INVALID",
      `The detector ${path} cannot be read here: set \`readFile\` in the check's context.`,
    );
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The detector ${path} cannot be read (${reason}): name the file that \`save()\` wrote.`;
    throw new ChecksError("SCANFLOW_DETECTOR_INVALID", message, { cause });
  });
  return loadDetector(bytes, runtime).catch((cause: unknown) => {
    if (!(cause instanceof ChecksError)) throw cause;
    throw new ChecksError(cause.code, `The detector "${path}": ${cause.message}`, { cause });
  });
}
