import { isoTime } from "../batch/iso-time.ts";
import { numberText } from "../figure/number-text.ts";
import { renderFigure } from "../figure/render-figure.ts";
import type { ColumnProfile } from "../profile/column-profile.ts";
import { describeMoments } from "../profile/moments.ts";
import { distinctCount } from "../profile/profile-parts.ts";
import { gravity } from "../verdict/gravity.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";
import { type ColumnPair, columnFigure, sparkline } from "./column-figure.ts";
import { badge, counted, foreign, pictures, statusOf } from "./html.ts";
import type { Report } from "./report.ts";

/** Columns with a picture in the table; with a large picture; in the table at all. */
const PICTURED = 60;
const LARGE = 24;
const MOST = 400;

type Judged = ColumnPair & { readonly status: VerdictStatus };

/** Every column with its spread in both tables, those that brought about a status first. */
export function columnSection({ reference, current, checks }: Report): string {
  const pairs = pairColumns(reference?.profile?.columns ?? [], current.profile?.columns ?? []);
  if (pairs.length === 0) return "";
  const statuses = statusByColumn(checks);
  const judged = pairs
    .map((pair): Judged => ({ ...pair, status: statuses.get(pair.name) ?? "ok" }))
    .sort((a, b) => gravity(b.status) - gravity(a.status));
  const shown = judged.slice(0, MOST).map((column, at) => ({
    column,
    figure: at < PICTURED ? columnFigure(column) : null,
  }));
  const rows = shown.map(({ column, figure }) => columnRow(column, figure === null ? "" : sparkline(figure)));
  const large = shown
    .slice(0, LARGE)
    .flatMap(({ figure }) =>
      figure === null ? [] : [`<div class="card">${renderFigure(figure, { styled: false })}</div>`],
    );
  const table = (part: readonly string[]) =>
    `<div class="scroll"><table><thead><tr>${["column", "status", "kind", "spread", "missing", "mean or commonest", "distinct"].map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead><tbody>${part.join("")}</tbody></table></div>`;
  return [
    `<section id="columns"><h2>Columns</h2><div class="card">`,
    reference?.profile
      ? `<p class="note key">Where two numbers stand, the first is of the reference.<i class="a"></i>reference<i class="b"></i>current</p>`
      : "",
    table(rows.slice(0, PICTURED)),
    rows.length > PICTURED
      ? `<details><summary>${counted(rows.length - PICTURED, "more column")}</summary>${table(rows.slice(PICTURED))}</details>`
      : "",
    judged.length > MOST
      ? `<p class="note">${counted(judged.length - MOST, "more column")} not shown.</p>`
      : "",
    "</div>",
    pictures(large, 4),
    "</section>",
  ].join("");
}

function pairColumns(reference: readonly ColumnProfile[], current: readonly ColumnProfile[]): ColumnPair[] {
  const before = new Map(reference.map((column) => [column.name, column]));
  const now = new Map(current.map((column) => [column.name, column]));
  return [...new Set([...before.keys(), ...now.keys()])].map((name) => ({
    name,
    reference: before.get(name),
    current: now.get(name),
  }));
}

function statusByColumn(checks: Report["checks"]): Map<string, VerdictStatus> {
  const worst = new Map<string, VerdictStatus>();
  for (const { verdict } of checks) {
    for (const [column, { status }] of Object.entries(verdict.evidence)) {
      const known = statusOf(status) ?? (verdict.columns.includes(column) ? verdict.status : "ok");
      if (gravity(known) > gravity(worst.get(column) ?? "ok")) worst.set(column, known);
    }
  }
  return worst;
}

function columnRow({ name, reference, current, status }: Judged, picture: string): string {
  const kinds = [reference?.kind, current?.kind].filter((kind) => kind !== undefined);
  const kind = kinds[0] === kinds[1] ? kinds[0] : kinds.join(" → ");
  const gone = current === undefined ? " (gone)" : "";
  return [
    `<tr><th scope="row">${foreign(name)}</th><td>${badge(status)}</td><td>${kind}${gone}</td><td>${picture}</td>`,
    ...[missingText, typicalText, distinctText].map(
      (describe) => `<td>${beforeAndNow(reference, current, describe)}</td>`,
    ),
    "</tr>",
  ].join("");
}

function beforeAndNow(
  reference: ColumnProfile | undefined,
  current: ColumnProfile | undefined,
  describe: (column: ColumnProfile) => string,
): string {
  const both = [reference, current].flatMap((column) => (column === undefined ? [] : [describe(column)]));
  return both[0] === both[1]
    ? foreign(both[0] ?? "–", 40)
    : both.map((text) => foreign(text, 40)).join(" → ");
}

function missingText(column: ColumnProfile): string {
  const other = "nan" in column ? column.nan + column.infinite : 0;
  const rows = column.count + column.nulls + other;
  return column.nulls === 0 ? "none" : `${numberText((100 * column.nulls) / rows)} %`;
}

function typicalText(column: ColumnProfile): string {
  if (column.kind === "boolean")
    return column.count === 0 ? "–" : `${numberText((100 * column.trues) / column.count)} % true`;
  if (column.kind === "text") {
    const [commonest = "–"] = column.categories.texts;
    return commonest === "" ? "(empty)" : commonest;
  }
  const summary = column.kind === "tensor" ? column.means : column;
  if (summary.count === 0) return "–";
  const { mean } = describeMoments(summary);
  if (mean === null) return "–";
  return column.kind === "time" ? timeText(mean) : numberText(mean);
}

function timeText(value: number): string {
  return isoTime(value)?.slice(0, 16).replace("T", " ") ?? "–";
}

function distinctText(column: ColumnProfile): string {
  const distinct = distinctCount(column);
  if (distinct === null) return "–";
  return distinct.error === 0 ? distinct.count.toLocaleString("en") : `≈ ${numberText(distinct.count)}`;
}
