import type { BarsFigure } from "../figure.ts";
import { COLOURS } from "../figure-style.ts";
import { type Area, axisNames, type Drawing, horizontalAxis, legend, type Scale, scaleOf } from "../frame.ts";
import { numberText, tickText } from "../number-text.ts";
import { element, pixel, shorten, textAt, widthOf } from "../svg.ts";
import { rangeOf, ticksOf } from "../ticks.ts";

const MOST = 30;
const RIGHT = 624;

/** Bars lie, so that long names can be read: a band per category, a bar per series, whiskers for intervals. */
export function drawBars(figure: BarsFigure): Drawing {
  const series = figure.series.slice(0, COLOURS);
  const names = figure.categories.slice(0, MOST).map((name) => shorten(name, 28));
  const left = 16 + Math.min(190, Math.max(40, ...names.map(widthOf)));
  const bar = series.length > 2 ? 7 : 11;
  const band = Math.max(20, bar * series.length + 9);
  const area: Area = { left, top: 64, width: RIGHT - left, height: Math.max(1, names.length) * band };
  const all = series.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]);
  const [least, most] = rangeOf(all) ?? [0, 1];
  const ticks = ticksOf(Math.min(0, least), Math.max(0, most), 5);
  const x = scaleOf(ticks, left, RIGHT);
  const marks = names.flatMap((name, category) => {
    const top = area.top + category * band + (band - bar * series.length) / 2;
    return [
      textAt(left - 8, area.top + category * band + band / 2 + 4, { text: name, "text-anchor": "end" }),
      ...series.flatMap((own, at) =>
        drawBar(own, { category, at, x, top: top + at * bar, thick: bar - 1, only: series.length === 1 }),
      ),
    ];
  });
  const axis = ticks.values.map((value) => ({ x: x(value), text: tickText(value, ticks.step) }));
  const more = figure.categories.length - names.length;
  const note = more > 0 ? [`${more} more not shown`] : [];
  return {
    height: area.top + area.height + 40,
    marks: [
      ...horizontalAxis(area, axis),
      ...marks,
      element("path", { class: "axis", d: `M${pixel(x(0))} ${area.top}v${area.height}` }),
      ...axisNames(area, { x: figure.y, y: [figure.x, ...note].filter((part) => part !== "").join(" · ") }),
      ...legend(area, series),
    ],
  };
}

interface BarPlace {
  readonly category: number;
  readonly at: number;
  readonly x: Scale;
  readonly top: number;
  readonly thick: number;
  /** There is room for the number when a bar stands alone in its band. */
  readonly only: boolean;
}

function drawBar(
  { name, values, low, high }: BarsFigure["series"][number],
  { category, at, x, top, thick, only }: BarPlace,
): string[] {
  const value = values[category];
  if (value == null || !Number.isFinite(value)) return [];
  const from = Math.min(x(0), x(value));
  const width = Math.max(1, Math.abs(x(value) - x(0)));
  const label = element("title", {}, `${numberText(value)}`);
  const bar = element("rect", { x: from, y: top, width, height: thick, rx: 1.5, class: `f${at}` }, label);
  const ends = [low?.[category], high?.[category]];
  const [start, end] = ends;
  if (start != null && end != null && Number.isFinite(start) && Number.isFinite(end)) {
    const middle = pixel(top + thick / 2);
    return [
      bar,
      element("path", {
        class: "whisker",
        d: `M${pixel(x(start))} ${middle}H${pixel(x(end))}M${pixel(x(start))} ${pixel(top + 1)}v${thick - 2}M${pixel(x(end))} ${pixel(top + 1)}v${thick - 2}`,
      }),
    ];
  }
  const text = numberText(value);
  if (!only || name === "" || from + width + 6 + widthOf(text) > RIGHT + 12 || value < 0) return [bar];
  return [bar, textAt(from + width + 5, top + thick / 2 + 4, { text, class: "soft" })];
}
