import type { StepContext } from "scanflow";
import { pickDigits, readDigits, writeDigits } from "./shared/digit-table.ts";
import { createRandom, shuffled } from "./shared/random.ts";

type Params = { readonly seed: number; readonly rows: number; readonly fade: number };

/**
 * Stands for the images that come in later: draws some of the test images. With `fade` above 0 the pen runs dry, so
 * to speak: every pixel loses that share of its ink, which the drift check should notice.
 */
export default async function drawBatch({ inputs, outputs, params }: StepContext<"test", "batch", Params>) {
  const test = await readDigits(inputs.test);
  const drawn = shuffled(test.labels.length, createRandom(params.seed)).subarray(0, params.rows);
  const batch = pickDigits(test, drawn.sort());
  for (const [place, ink] of batch.pixels.values.entries()) {
    batch.pixels.values[place] = Math.round(ink * (1 - params.fade));
  }
  await writeDigits(outputs.batch, batch);
  return { rows: batch.labels.length };
}
