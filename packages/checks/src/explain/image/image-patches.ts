import { needOption } from "../explain-input.ts";
import type { FeatureGroup } from "../kernel/kernel-shap.ts";

/** The size of an image in pixels; its pixels are the columns of a row, row-major. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Cuts an image into square patches, as groups of columns for `kernelShap`: 784 pixels are too many players, 49
 * patches of 4 × 4 are not. Patches at the right and lower edge may be smaller.
 *
 * @param patch pixels a side, 1 or more
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function imagePatches({ width, height }: ImageSize, patch: number): FeatureGroup[] {
  for (const [name, value] of Object.entries({ width, height, patch })) {
    needOption("imagePatches", { name, value, least: 1, most: 10_000 });
  }
  const across = Math.ceil(width / patch);
  const groups = Array.from({ length: across * Math.ceil(height / patch) }, (_, at) => ({
    name: `patch ${Math.floor(at / across)}, ${at % across}`,
    columns: [] as number[],
  }));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      groups[Math.floor(y / patch) * across + Math.floor(x / patch)]?.columns.push(y * width + x);
    }
  }
  return groups;
}

/** Spreads what each group contributed evenly over its pixels: an overlay whose sum is theirs. */
export function overlayOf(groups: readonly FeatureGroup[], contributions: ArrayLike<number>): number[] {
  const size = groups.reduce((sum, { columns }) => sum + columns.length, 0);
  const overlay = new Array<number>(size).fill(0);
  for (const [at, { columns }] of groups.entries()) {
    for (const column of columns) overlay[column] = (contributions[at] as number) / columns.length;
  }
  return overlay;
}
