import type { StepContext } from "scanflow";
import { readImages, writeImages } from "./shared/image-table.ts";

/** Without `most`: all. */
type Params = { readonly most?: number };

/** Takes in images and makes sure that they can be read. */
export default async function gather({ inputs, outputs, params }: StepContext<"raw", "images", Params>) {
  const images = (await readImages(inputs.raw)).slice(0, params.most);
  await writeImages(outputs.images, images);
  return { images: images.length };
}
