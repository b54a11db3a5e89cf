import { cellText } from "../figure/draw/draw-table.ts";
import type { Figure, TableFigure } from "../figure/figure.ts";
import { renderFigure } from "../figure/render-figure.ts";
import { escapeMarkup } from "../figure/svg.ts";
import { evidenceTable } from "./evidence-table.ts";
import { badge, counted, foreign, pictures } from "./html.ts";
import type { Report } from "./report.ts";

const OPEN = 4;
const MOST = 16;
const ROWS = 30;
const COLUMNS = 16;

/**
 * One check: its pictures and what it rests on. A check that found nothing keeps them folded and says so; what the
 * others say stands at the top of the report.
 */
export function checkSection({ name, verdict }: Report["checks"][number], place: number): string {
  const { status, kind, message, figures = [] } = verdict;
  const drawn = figures.slice(0, MOST).map(figureBlock);
  const hidden = figures.length - drawn.length;
  const evidence = evidenceTable(verdict);
  const details = [
    pictures(drawn, OPEN),
    hidden > 0 ? `<p class="note">${counted(hidden, "more picture")} not shown.</p>` : "",
    evidence,
  ].join("");
  const folded =
    status === "ok" && details !== ""
      ? `<details><summary>What it looked at</summary>${details}</details>`
      : details;
  return [
    `<section class="card check ${status}" id="check-${place + 1}">`,
    `<h3>${foreign(name)} ${badge(status)} <span class="kind">${foreign(kind, 40)}</span></h3>`,
    status === "ok" ? `<p>${foreign(message, 2_000)}</p>` : "",
    folded,
    "</section>",
  ].join("");
}

/** A plug-in's picture may lack what its kind needs: then the page says so, and shows all else. */
function figureBlock(figure: Figure): string {
  try {
    if (figure.kind === "table") return tableBlock(figure);
    return `<div>${renderFigure(figure, { styled: false })}</div>`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const title = foreign(String(figure.title), 200);
    return `<p class="note">The picture "${title}" could not be drawn (${foreign(reason, 200)}): see what a ${foreign(figure.kind, 20)} figure must have.</p>`;
  }
}

function tableBlock({ title, columns, rows }: TableFigure): string {
  const head = columns.slice(0, COLUMNS).map((name) => `<th scope="col">${foreign(name, 40)}</th>`);
  const body = rows.slice(0, ROWS).map((row) => {
    const cells = columns.slice(0, COLUMNS).map((_, at) => `<td>${foreign(cellText(row[at]), 60)}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  const hidden = [
    rows.length > ROWS ? counted(rows.length - ROWS, "more row") : "",
    columns.length > COLUMNS ? counted(columns.length - COLUMNS, "more column") : "",
  ].filter((part) => part !== "");
  return `<div class="plain"><h4>${escapeMarkup(title.slice(0, 200))}</h4><div class="scroll"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>${hidden.length > 0 ? `<p class="note">${hidden.join(", ")} not shown.</p>` : ""}</div>`;
}
