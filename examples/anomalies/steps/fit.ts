import { writeFile } from "node:fs/promises";
import { type DetectorKind, fitDetector } from "@scanflow/checks/detector";
import type { StepContext } from "scanflow";
import { createOnnxRuntime } from "scanflow/inference";
import { PICTURES, readPictures } from "./shared/image-table.ts";

type Params = { readonly kind: DetectorKind; readonly seed: number };

/** Learns what is usual, and keeps it as an ONNX file with everything inside that a score needs. */
export default async function fit({
  inputs,
  outputs,
  params,
  signal,
}: StepContext<"reference", "detector", Params>) {
  const runtime = createOnnxRuntime({ threads: 1 });
  try {
    const detector = await fitDetector(await readPictures(inputs.reference), {
      runtime,
      ...PICTURES,
      ...params,
      signal,
    });
    await writeFile(outputs.detector, detector.save());
    return { ...detector.reference };
  } finally {
    await runtime.close();
  }
}
