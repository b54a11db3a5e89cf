import type { StepContext } from "scanflow";
import { readImages, SIDE, writeImages } from "./shared/image-table.ts";

type Params = { readonly slant: number };

/** Stands for people who write with a slant: shears each image, as many pixels a line as `slant` says. */
export default async function slantImages({ inputs, outputs, params }: StepContext<"raw", "images", Params>) {
  const images = await readImages(inputs.raw);
  const slanted = images.map(({ pixels, label }) => ({ pixels: shear(pixels, params.slant), label }));
  await writeImages(outputs.images, slanted);
  return { images: slanted.length };
}

/** Moves each line sideways about the middle one, ink between two pixels shared out between them. */
function shear(pixels: readonly number[], slant: number): number[] {
  return pixels.map((_, at) => {
    const line = Math.floor(at / SIDE);
    const from = (at % SIDE) + slant * (line - (SIDE - 1) / 2);
    const left = Math.floor(from);
    const ink = (column: number) => (column >= 0 && column < SIDE ? (pixels[line * SIDE + column] ?? 0) : 0);
    return Math.round((left + 1 - from) * ink(left) + (from - left) * ink(left + 1));
  });
}
