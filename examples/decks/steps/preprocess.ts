import type { StepContext } from "scanflow";
import { readImages } from "./shared/image-table.ts";
import { FEATURES, shapeOf } from "./shared/shape.ts";
import { writeShapes } from "./shared/shape-table.ts";

/** Measures the shape that each image shows. */
export default async function preprocess({ inputs, outputs, metric }: StepContext<"images", "shapes">) {
  const images = await readImages(inputs.images);
  const shapes = images.map(({ pixels, label }) => ({ ...shapeOf(pixels), label }));
  await writeShapes(outputs.shapes, shapes);
  for (const name of FEATURES) {
    metric(name, shapes.reduce((sum, shape) => sum + shape[name], 0) / shapes.length);
  }
}
