import type { GridFigure } from "../figure.ts";
import type { Drawing } from "../frame.ts";
import { numberText } from "../number-text.ts";
import { element, shorten, textAt, widthOf } from "../svg.ts";
import { rangeOf } from "../ticks.ts";

const MOST = 40;

/** Cells whose colour is the stronger the larger the value, in a second colour below zero; few cells have their number. */
export function drawGrid(figure: GridFigure): Drawing {
  const rows = figure.rows.slice(0, MOST).map((name) => shorten(name, 22));
  const columns = figure.columns.slice(0, MOST).map((name) => shorten(name, 22));
  const left = 24 + Math.max(30, ...rows.map(widthOf));
  const cell = Math.min(52, (612 - left) / Math.max(1, columns.length));
  const slanted = columns.some((name) => widthOf(name) > cell - 4);
  const top = slanted ? 72 + 0.72 * Math.max(...columns.map(widthOf)) : 78;
  const high = Math.min(cell, 34);
  const reach = Math.max(...(rangeOf(figure.values.flat()) ?? [0, 1]).map(Math.abs)) || 1;
  const headings = columns.map((name, column) => {
    const x = left + (column + 0.5) * cell;
    return slanted
      ? textAt(x, top - 7, { text: name, transform: `rotate(-45 ${x.toFixed(1)} ${(top - 7).toFixed(1)})` })
      : textAt(x, top - 7, { text: name, "text-anchor": "middle" });
  });
  const cells = rows.flatMap((name, row) => [
    textAt(left - 8, top + (row + 0.5) * high + 4, { text: name, "text-anchor": "end" }),
    ...columns.flatMap((_, column) => {
      const place = { x: left + column * cell, y: top + row * high, width: cell, height: high };
      return drawCell(figure.values[row]?.[column] ?? null, place, reach);
    }),
  ]);
  const hidden = Math.max(figure.rows.length - rows.length, figure.columns.length - columns.length);
  const note = hidden > 0 ? ` · the first ${MOST} shown` : "";
  return {
    height: top + rows.length * high + 16,
    marks: [
      textAt(8, 52, { text: shorten(`${figure.y} ↓  ${figure.x} →${note}`, 90), class: "soft" }),
      ...headings,
      ...cells,
    ],
  };
}

interface CellPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawCell(value: number | null, { x, y, width, height }: CellPlace, reach: number): string[] {
  const frame = { x: x + 0.5, y: y + 0.5, width: Math.max(1, width - 1), height: Math.max(1, height - 1) };
  if (value === null || !Number.isFinite(value))
    return [element("rect", { ...frame, class: "ink", "fill-opacity": 0.04 })];
  const strength = Math.min(1, Math.abs(value) / reach);
  const text = numberText(value);
  const cell = element(
    "rect",
    { ...frame, rx: 1.5, class: value < 0 ? "f1" : "f0", "fill-opacity": 0.05 + 0.9 * strength },
    element("title", {}, text),
  );
  if (widthOf(text) > width || height < 14) return [cell];
  const label = textAt(x + width / 2, y + height / 2 + 4, {
    text,
    "text-anchor": "middle",
    class: strength > 0.55 ? "on" : undefined,
  });
  return [cell, label];
}
