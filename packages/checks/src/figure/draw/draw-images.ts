import type { ImagesFigure } from "../figure.ts";
import type { Drawing } from "../frame.ts";
import { element, shorten, textAt } from "../svg.ts";
import { finite } from "../ticks.ts";

const MOST = 24;
const LEVELS = 15;

/** Larger images are averaged down: a picture of a picture needs no more. */
const SIDE = 64;

const MOST_SIDE = 4_096;

type Image = ImagesFigure["images"][number];

/** Images side by side: ink as strokes of grey, an overlay in one colour above zero and another below. */
export function drawImages(given: ImagesFigure): Drawing {
  const { images } = given;
  const figure = { ...given, width: sideOf(given.width), height: sideOf(given.height) };
  const by = Math.max(1, Math.ceil(Math.max(figure.width, figure.height) / SIDE));
  const width = Math.ceil(figure.width / by);
  const height = Math.ceil(figure.height / by);
  const shown = images.slice(0, MOST).map((image) => (by === 1 ? image : shrink(image, figure, by)));
  const size = shown.length > 6 ? 84 : 116;
  const perLine = Math.max(1, Math.floor(608 / (size + 16)));
  const scale = size / Math.max(1, width, height);
  const line = scale * height + 34;
  const marks = shown.flatMap((image, at) => {
    const x = 16 + (at % perLine) * (size + 16);
    const y = 56 + Math.floor(at / perLine) * line;
    return [
      element(
        "g",
        {
          transform: `translate(${x} ${y}) scale(${Number(scale.toFixed(4))})`,
          "shape-rendering": "crispEdges",
        },
        element("rect", { width, height, class: "ink", "fill-opacity": 0.06 }),
        ...inkOf(image, width, height),
        ...overlayOf(image, width, height),
      ),
      textAt(x, y + scale * height + 14, { text: shorten(image.caption, Math.floor(size / 6)) }),
    ];
  });
  const hidden = images.length - shown.length;
  const end = 56 + Math.ceil(shown.length / perLine) * line;
  return {
    height: end + 12,
    marks: [...marks, hidden > 0 ? textAt(16, end + 2, { text: `${hidden} more`, class: "soft" }) : ""],
  };
}

/** A side as a whole number of pixels: a picture may come from anybody, and one of endless height would never be done. */
function sideOf(length: number): number {
  return Math.max(0, Math.min(MOST_SIDE, Math.ceil(finite(length))));
}

function inkOf({ pixels }: Image, width: number, height: number): string[] {
  const level = (at: number) => Math.round(Math.max(0, Math.min(1, finite(pixels[at]))) * LEVELS);
  return strokes(level, width, height).map(([strength, d]) =>
    element("path", { d, class: "ink", "fill-opacity": strength / LEVELS }),
  );
}

function overlayOf({ overlay }: Image, width: number, height: number): string[] {
  if (overlay === undefined) return [];
  const reach = overlay.reduce((most, value) => Math.max(most, Math.abs(finite(value))), 0);
  if (reach === 0) return [];
  const level = (at: number) => Math.round((finite(overlay[at]) / reach) * LEVELS);
  return strokes(level, width, height).map(([strength, d]) =>
    element("path", {
      d,
      class: strength < 0 ? "f0" : "f1",
      "fill-opacity": (0.85 * Math.abs(strength)) / LEVELS,
    }),
  );
}

/** Neighbouring pixels of one level as one stroke, all strokes of a level as one path. */
function strokes(level: (at: number) => number, width: number, height: number): [number, string][] {
  const paths = new Map<number, string>();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; ) {
      const own = level(y * width + x);
      let end = x + 1;
      while (end < width && level(y * width + end) === own) end += 1;
      if (own !== 0) paths.set(own, `${paths.get(own) ?? ""}M${x} ${y}h${end - x}v1h${x - end}z`);
      x = end;
    }
  }
  return [...paths];
}

function shrink(image: Image, { width, height }: ImagesFigure, by: number): Image {
  const mean = (values: readonly number[]) => {
    const columns = Math.ceil(width / by);
    const sums = new Float64Array(columns * Math.ceil(height / by));
    const counts = new Float64Array(sums.length);
    for (let at = 0; at < width * height; at += 1) {
      const place = Math.floor(Math.floor(at / width) / by) * columns + Math.floor((at % width) / by);
      sums[place] = (sums[place] as number) + finite(values[at]);
      counts[place] = (counts[place] as number) + 1;
    }
    return Array.from(sums, (sum, place) => sum / Math.max(1, counts[place] as number));
  };
  const { caption, pixels, overlay } = image;
  return overlay === undefined
    ? { caption, pixels: mean(pixels) }
    : { caption, pixels: mean(pixels), overlay: mean(overlay) };
}
