import type { Matrix } from "../../maths/matrix.ts";
import { needOption, needRows } from "../explain-input.ts";
import { askPredictor, type Predict } from "../predict.ts";
import type { ImageSize } from "./image-patches.ts";

/** Settings of `occlusionMap`. */
export interface OcclusionOptions extends ImageSize {
  /** Pixels a side of what is covered; default 4. */
  readonly patch?: number;
  /** Pixels from one cover to the next; default half a patch. */
  readonly stride?: number;
  /** Ink of the cover; default 0, white paper. */
  readonly fill?: number;
}

/**
 * How far each output falls when a part of an image is covered (Zeiler and Fergus 2014): quick to compute and to
 * read, but what two parts say together is told of neither. For contributions that add up use `kernelShap`.
 *
 * @param image one row of pixels
 * @returns outputs × pixels: the mean fall over all covers of a pixel
 * @throws ChecksError SCANFLOW_PREDICTOR_INVALID, SCANFLOW_EXPLAIN_INPUT_INVALID, SCANFLOW_CHECK_OPTION_INVALID
 */
export async function occlusionMap(
  predict: Predict,
  image: Float64Array,
  { width, height, patch = 4, stride = Math.max(1, Math.floor(patch / 2)), fill = 0 }: OcclusionOptions,
): Promise<Matrix> {
  for (const [name, value] of Object.entries({ width, height, patch, stride })) {
    needOption("occlusionMap", { name, value, least: 1, most: 10_000 });
  }
  const pixels = width * height;
  const row = { rows: 1, columns: image.length, values: image };
  needRows("occlusionMap", row, { features: pixels, model: `an image of ${width} × ${height}` });
  const covers = startsOf(height, patch, stride).flatMap((y) =>
    startsOf(width, patch, stride).map((x) => [x, y] as const),
  );
  const values = new Float64Array(covers.length * pixels);
  for (const [at, cover] of covers.entries()) {
    values.set(image, at * pixels);
    for (const pixel of coveredBy(cover, patch, { width, height })) values[at * pixels + pixel] = fill;
  }
  const whole = await askPredictor(predict, row);
  const covered = await askPredictor(
    predict,
    { rows: covers.length, columns: pixels, values },
    whole.columns,
  );
  const falls = new Float64Array(whole.columns * pixels);
  const counts = new Float64Array(pixels);
  for (const [at, cover] of covers.entries()) {
    for (const pixel of coveredBy(cover, patch, { width, height })) {
      counts[pixel] = (counts[pixel] as number) + 1;
      for (let output = 0; output < whole.columns; output += 1) {
        const fall =
          (whole.values[output] as number) - (covered.values[at * whole.columns + output] as number);
        falls[output * pixels + pixel] = (falls[output * pixels + pixel] as number) + fall;
      }
    }
  }
  return {
    rows: whole.columns,
    columns: pixels,
    values: falls.map((fall, at) => fall / (counts[at % pixels] as number)),
  };
}

/** Where covers begin, so that the last one ends at the edge and none leaves a gap. */
function startsOf(length: number, patch: number, stride: number): number[] {
  const last = Math.max(0, length - patch);
  const step = Math.min(stride, patch);
  const starts = Array.from({ length: Math.ceil(last / step) + 1 }, (_, at) => Math.min(last, at * step));
  return [...new Set(starts)];
}

function coveredBy(
  [left, top]: readonly [number, number],
  patch: number,
  { width, height }: ImageSize,
): number[] {
  const covered: number[] = [];
  for (let y = top; y < Math.min(height, top + patch); y += 1) {
    for (let x = left; x < Math.min(width, left + patch); x += 1) covered.push(y * width + x);
  }
  return covered;
}
