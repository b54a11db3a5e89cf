import { tensorSize } from "../../batch/tensor-size.ts";
import { ChecksError } from "../../errors.ts";
import { type RowColumn, rowWidth } from "./row-columns.ts";

/**
 * Shape of the image that a row is; null where it is none.
 *
 * @param wanted the shape that columns are the pixels of, or false for none; a tensor of its own shape when left out
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when a row has more numbers or fewer, or texts
 */
export function imageOf(
  columns: readonly RowColumn[],
  wanted: readonly number[] | false | undefined,
): readonly number[] | null {
  if (wanted === false) return null;
  const [first] = columns;
  const own =
    columns.length === 1 && first?.kind === "tensor" && first.shape.length >= 2 ? first.shape : null;
  const image = wanted ?? own;
  if (image === null) return null;
  const size = tensorSize(image);
  if (size === rowWidth(columns) && columns.every(({ kind }) => kind !== "text") && image.length <= 3)
    return image;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `The option "image" is [${image}], which is ${size} pixels, but a row has ${rowWidth(columns)} numbers: ` +
      "give [height, width] or [channels, height, width] of the columns, or false.",
  );
}
