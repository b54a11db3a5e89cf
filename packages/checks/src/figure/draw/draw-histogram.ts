import { isoTime } from "../../batch/iso-time.ts";
import type { HistogramFigure } from "../figure.ts";
import { COLOURS } from "../figure-style.ts";
import {
  type Area,
  axisNames,
  baseLine,
  type Drawing,
  horizontalAxis,
  legend,
  scaleOf,
  verticalAxis,
} from "../frame.ts";
import { numberText, tickText } from "../number-text.ts";
import { element, pixel } from "../svg.ts";
import { finite, rangeOf, ticksOf } from "../ticks.ts";

const AREA: Area = { left: 58, top: 64, width: 566, height: 170 };

/**
 * A stepped outline per series, over a light fill. Bins of one width lie on a scale of numbers; others are drawn
 * equally wide, with their edges as labels, since bins of equal counts would vanish on a scale with a long tail.
 */
export function drawHistogram(figure: HistogramFigure): Drawing {
  const { edges, series } = figure;
  const bins = Math.max(0, edges.length - 1);
  const bottom = AREA.top + AREA.height;
  const highest = rangeOf(series.flatMap(({ shares }) => shares))?.[1] ?? 1;
  const ticks = ticksOf(0, highest, 4);
  const y = scaleOf(ticks, bottom, AREA.top);
  const placeOf = (edge: number) => AREA.left + (edge / Math.max(1, bins)) * AREA.width;
  const drawn = series.slice(0, COLOURS).flatMap(({ shares }, at) => {
    const steps = Array.from(
      { length: bins },
      (_, bin) => `V${pixel(y(finite(shares[bin])))}H${pixel(placeOf(bin + 1))}`,
    );
    const outline = `M${AREA.left} ${bottom}${steps.join("")}V${bottom}`;
    return [
      element("path", { d: `${outline}Z`, class: `f${at}`, "fill-opacity": at === 0 ? 0.28 : 0.12 }),
      element("path", {
        d: outline,
        class: `line s${at}`,
        "stroke-dasharray": at > 1 ? `${7 - at} 3` : undefined,
      }),
    ];
  });
  return {
    height: bottom + 40,
    marks: [
      ...verticalAxis(AREA, ticks, y),
      ...horizontalAxis(AREA, labels(figure, placeOf)),
      ...drawn,
      baseLine(AREA),
      ...axisNames(AREA, figure),
      ...legend(AREA, series),
    ],
  };
}

function labels(
  { edges, time = false }: HistogramFigure,
  placeOf: (edge: number) => number,
): { x: number; text: string }[] {
  const [first = 0] = edges;
  const last = edges.at(-1) ?? 1;
  if (time) return edges.map((edge, at) => ({ x: placeOf(at), text: timeText(edge, last - first) }));
  const width = (last - first) / Math.max(1, edges.length - 1);
  const even = edges.every((edge, at) => Math.abs(edge - first - at * width) <= width / 100);
  if (!even || width <= 0) return edges.map((edge, at) => ({ x: placeOf(at), text: numberText(edge) }));
  const ticks = ticksOf(first, last, 6);
  const within = ticks.values.filter((value) => value >= first - width / 100 && value <= last + width / 100);
  return within.map((value) => ({
    x: placeOf((value - first) / width),
    text: tickText(value, ticks.step),
  }));
}

const DAY = 86_400_000;

/** A moment by its day; by its minute where all lie within a few days. */
function timeText(moment: number, range: number): string {
  const text = isoTime(moment);
  if (text === null) return numberText(moment);
  return range < 4 * DAY ? text.slice(5, 16).replace("T", " ") : text.slice(0, 10);
}
