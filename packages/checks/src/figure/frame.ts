import { COLOURS } from "./figure-style.ts";
import { tickText } from "./number-text.ts";
import { element, pixel, shorten, textAt, widthOf } from "./svg.ts";
import type { Ticks } from "./ticks.ts";

/** The place of a picture within its axes, in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A drawing, and how high it came to be. */
export interface Drawing {
  readonly height: number;
  readonly marks: readonly string[];
}

/** Where values lie along an axis. */
export type Scale = (value: number) => number;

/** @param from the pixel of the least value */
export function scaleOf({ low, high }: Pick<Ticks, "low" | "high">, from: number, to: number): Scale {
  return (value) => from + ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * (to - from);
}

/** Horizontal rules with their numbers, on the left. */
export function verticalAxis(area: Area, ticks: Ticks, scale: Scale): string[] {
  return ticks.values.flatMap((value) => {
    const y = scale(value);
    return [
      element("path", { class: "rule", d: `M${area.left} ${pixel(y)}h${area.width}` }),
      textAt(area.left - 6, y + 4, {
        text: tickText(value, ticks.step),
        "text-anchor": "end",
        class: "soft",
      }),
    ];
  });
}

/** Vertical rules with their labels below; labels that would touch are left out. */
export function horizontalAxis(
  area: Area,
  labels: readonly { readonly x: number; readonly text: string }[],
): string[] {
  const bottom = area.top + area.height;
  let free = Number.NEGATIVE_INFINITY;
  return labels.flatMap(({ x, text }) => {
    const half = widthOf(text) / 2;
    const middle = Math.min(x, 636 - half);
    const mark = element("path", { class: "rule", d: `M${pixel(x)} ${area.top}v${area.height}` });
    if (middle - half < free) return [mark];
    free = middle + half + 8;
    return [mark, textAt(middle, bottom + 15, { text, "text-anchor": "middle", class: "soft" })];
  });
}

/** The line that a picture stands on. */
export function baseLine({ left, top, width, height }: Area): string {
  return element("path", { class: "axis", d: `M${left} ${top + height}h${width}` });
}

/** The names of both axes: y above its numbers, x below its own. */
export function axisNames(area: Area, { x, y }: { readonly x: string; readonly y: string }): string[] {
  return [
    textAt(8, area.top - 12, { text: shorten(y, 50), class: "soft" }),
    textAt(area.left + area.width, area.top + area.height + 31, {
      text: shorten(x, 80),
      "text-anchor": "end",
      class: "soft",
    }),
  ];
}

/** A coloured mark and a name for each series, above the picture, from the right. */
export function legend(area: Area, series: readonly { readonly name: string }[]): string[] {
  if (series.length < 2) return [];
  let right = area.left + area.width;
  const shown = series.slice(0, COLOURS).map(({ name }) => shorten(name, 24));
  return shown.reverse().flatMap((name, at) => {
    const start = right - widthOf(name);
    right = start - 30;
    return [
      element("rect", {
        x: start - 15,
        y: area.top - 22,
        width: 10,
        height: 10,
        rx: 2,
        class: `f${shown.length - 1 - at}`,
      }),
      textAt(start, area.top - 13, { text: name }),
    ];
  });
}
