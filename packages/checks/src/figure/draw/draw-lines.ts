import type { LinesFigure } from "../figure.ts";
import { COLOURS } from "../figure-style.ts";
import {
  type Area,
  axisNames,
  baseLine,
  type Drawing,
  horizontalAxis,
  legend,
  type Scale,
  scaleOf,
  verticalAxis,
} from "../frame.ts";
import { tickText } from "../number-text.ts";
import { element, pixel, shorten, textAt } from "../svg.ts";
import { rangeOf, ticksOf } from "../ticks.ts";
import { thinLine } from "./thin-line.ts";

const AREA: Area = { left: 58, top: 64, width: 566, height: 210 };
const DASHES = [undefined, "8 4", "2 3", "10 3 2 3", "5 2", "1 2"];

/** A line per series with its band, dashed levels across and marks upright, each with its name. */
export function drawLines(figure: LinesFigure): Drawing {
  const { levels = [], marks = [] } = figure;
  const series = figure.series.slice(0, COLOURS).map(thinLine);
  const bottom = AREA.top + AREA.height;
  const xs = [...series.flatMap(({ points }) => points.map(([x]) => x)), ...marks.map(({ x }) => x)];
  const ys = [
    ...series.flatMap(({ points, band = [] }) => [...points.map(([, y]) => y), ...band.flat()]),
    ...levels.map(({ y }) => y),
  ];
  const across = ticksOf(...(rangeOf(xs) ?? [0, 1]), 6);
  const [least, most] = rangeOf(xs) ?? [across.low, across.high];
  const ticks = ticksOf(...(rangeOf(ys) ?? [0, 1]), 5);
  const x = scaleOf(least < most ? { low: least, high: most } : across, AREA.left, AREA.left + AREA.width);
  const y = scaleOf(ticks, bottom, AREA.top);
  const labels = across.values
    .filter(
      (value) => least >= most || (value >= least - across.step / 50 && value <= most + across.step / 50),
    )
    .map((value) => ({ x: x(value), text: tickText(value, across.step) }));
  return {
    height: bottom + 40,
    marks: [
      ...verticalAxis(AREA, ticks, y),
      ...horizontalAxis(AREA, labels),
      ...series.flatMap((own, at) => drawSeries(own, { at, x, y })),
      ...levels
        .slice(0, 8)
        .flatMap(({ name, y: value }) => [
          element("path", { class: "level", d: `M${AREA.left} ${pixel(y(value))}h${AREA.width}` }),
          textAt(AREA.left + AREA.width, y(value) - 4, { text: shorten(name, 40), "text-anchor": "end" }),
        ]),
      ...marks
        .slice(0, 50)
        .flatMap(({ name, x: value }, at) => [
          element("path", { class: "level s1", d: `M${pixel(x(value))} ${AREA.top}v${AREA.height}` }),
          at < 8 ? textAt(x(value) + 3, AREA.top + 10 + 11 * (at % 3), { text: shorten(name, 18) }) : "",
        ]),
      baseLine(AREA),
      ...axisNames(AREA, figure),
      ...legend(AREA, series),
    ],
  };
}

function drawSeries(
  { points, band }: LinesFigure["series"][number],
  { at, x, y }: { readonly at: number; readonly x: Scale; readonly y: Scale },
): string[] {
  const drawn = [];
  if (band !== undefined && band.length === points.length && points.length > 1) {
    const rim = (end: 0 | 1) =>
      points.map(([px, py], place) => `${pixel(x(px))} ${pixel(y(band[place]?.[end] ?? py))}`);
    const outline = [...rim(1), ...rim(0).reverse()].join("L");
    drawn.push(element("path", { d: `M${outline}Z`, class: `f${at}`, "fill-opacity": 0.16 }));
  }
  let broken = true;
  const path = points.map(([px, py]) => {
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      broken = true;
      return "";
    }
    const step = `${broken ? "M" : "L"}${pixel(x(px))} ${pixel(y(py))}`;
    broken = false;
    return step;
  });
  if (points.length <= 40) {
    const dots = points.filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
    drawn.push(
      ...dots.map(([px, py]) => element("circle", { cx: x(px), cy: y(py), r: 2.6, class: `f${at}` })),
    );
  }
  drawn.push(element("path", { d: path.join(""), class: `line s${at}`, "stroke-dasharray": DASHES[at] }));
  return drawn;
}
