import type { JsonValue } from "../../json/json.ts";
import type { TableFigure } from "../figure.ts";
import type { Drawing } from "../frame.ts";
import { numberText } from "../number-text.ts";
import { element, shorten, textAt } from "../svg.ts";

const ROWS = 20;
const COLUMNS = 8;
const LINE = 20;

/** Texts in rows and columns, for where no HTML table can stand. */
export function drawTable({ columns, rows }: TableFigure): Drawing {
  const names = columns.slice(0, COLUMNS);
  const width = 608 / Math.max(1, names.length);
  const fits = Math.max(3, Math.floor(width / 6.4) - 1);
  const shown = rows.slice(0, ROWS);
  const top = 60;
  const cells = shown.flatMap((row, line) => [
    element("path", { class: "rule", d: `M16 ${top + 7 + line * LINE}h608` }),
    ...names.map((_, column) =>
      textAt(16 + column * width, top + (line + 1) * LINE, { text: shorten(cellText(row[column]), fits) }),
    ),
  ]);
  const hidden = [
    rows.length > ROWS ? `${rows.length - ROWS} more rows` : "",
    columns.length > COLUMNS ? `${columns.length - COLUMNS} more columns` : "",
  ].filter((part) => part !== "");
  const end = top + (shown.length + 1) * LINE;
  return {
    height: end + 8,
    marks: [
      ...names.map((name, column) =>
        textAt(16 + column * width, top, { text: shorten(name, fits), class: "soft" }),
      ),
      ...cells,
      hidden.length > 0 ? textAt(16, end, { text: hidden.join(", "), class: "soft" }) : "",
    ],
  };
}

/** A value of a table as a person reads it. */
export function cellText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? "–";
}
