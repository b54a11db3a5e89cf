import { describeFigure } from "./describe-figure.ts";
import { drawBars } from "./draw/draw-bars.ts";
import { drawGrid } from "./draw/draw-grid.ts";
import { drawHistogram } from "./draw/draw-histogram.ts";
import { drawImages } from "./draw/draw-images.ts";
import { drawLines } from "./draw/draw-lines.ts";
import { drawTable } from "./draw/draw-table.ts";
import type { Figure } from "./figure.ts";
import { FIGURE_STYLE } from "./figure-style.ts";
import type { Drawing } from "./frame.ts";
import { element, escapeMarkup, shorten, textAt } from "./svg.ts";

/** How a figure is drawn. */
export interface RenderFigureOptions {
  /**
   * Whether the drawing brings its own style, light and dark; default true. A page of many figures leaves it out and
   * has `figureStyle` once.
   */
  readonly styled?: boolean;
}

/** Of every figure, in its own pixels: it shrinks with the page. */
const WIDTH = 640;

/**
 * Draws a figure as one SVG element that needs nothing beside itself: to be put into a page, or saved as a file. Its
 * title and a description in words are there for those who do not see it. Texts are escaped, so that names in data
 * cannot do harm; long names are cut, many values are thinned.
 *
 * ```ts
 * import { renderFigure } from "@scanflow/checks";
 *
 * const svg = renderFigure({
 *   kind: "bars",
 *   title: "Missing values",
 *   x: "column",
 *   y: "share of rows",
 *   categories: ["age", "city"],
 *   series: [{ name: "monday", values: [0.02, 0.11] }],
 * });
 * console.log(svg.startsWith("<svg")); // true
 * ```
 */
export function renderFigure(figure: Figure, { styled = true }: RenderFigureOptions = {}): string {
  const { height, marks } = draw(figure);
  const high = Math.ceil(height);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "figure",
      role: "img",
      viewBox: `0 0 ${WIDTH} ${high}`,
      width: WIDTH,
      height: high,
    },
    element("title", {}, escapeMarkup(shorten(figure.title, 300))),
    element("desc", {}, escapeMarkup(describeFigure(figure))),
    styled ? `<style>${FIGURE_STYLE}</style>` : "",
    styled ? element("rect", { class: "paper", width: WIDTH, height: high }) : "",
    textAt(8, 22, { text: shorten(figure.title, 88), class: "title" }),
    ...marks,
  );
}

function draw(figure: Figure): Drawing {
  switch (figure.kind) {
    case "bars":
      return drawBars(figure);
    case "histogram":
      return drawHistogram(figure);
    case "lines":
      return drawLines(figure);
    case "grid":
      return drawGrid(figure);
    case "table":
      return drawTable(figure);
    case "images":
      return drawImages(figure);
  }
}
