import { type JsonObject, type JsonValue, STATUSES, type VerdictStatus } from "@scanflow/checks";
import { isPValue, pValueText } from "@scanflow/checks/statistics";
import type { CheckReport, CheckResult } from "../../check/index.ts";
import type { Output, Style } from "../output.ts";
import { table } from "../text/table.ts";
import { clip, printable } from "../text/width.ts";

export const STATUS_STYLES: Readonly<Record<VerdictStatus, readonly [mark: string, style: Style]>> = {
  ok: ["✓", "green"],
  warning: ["!", "yellow"],
  alarm: ["✗", "red"],
  invalid: ["?", "magenta"],
};
const MOST_ROWS = 12;
const MOST_FIGURES = 4;

/** What the checks found, for a person. */
export function printReport(report: CheckReport, output: Output): void {
  const { current, reference, checks } = report;
  const against = reference === null ? "" : ` against ${sized(reference)}`;
  output.line(`${sized(current)}${against}`);
  for (const check of checks) {
    output.line();
    printCheck(check, output);
  }
}

function sized({ name, rows }: CheckReport["current"]): string {
  return `${name} (${rows.toLocaleString("en")} rows)`;
}

function printCheck({ name, status, message, columns, evidence }: CheckResult, output: Output): void {
  const [mark, style] = STATUS_STYLES[status];
  output.line(`${output.style(style, `${mark} ${name}: ${status}`)}`);
  for (const line of message.split("\n")) output.line(`  ${printable(line)}`);
  const rows = columns.flatMap((column) => {
    const { [column]: own } = evidence;
    return own === undefined ? [] : [{ column, own }];
  });
  if (rows.length === 0) return;
  const figures = figuresOf(rows.map(({ own }) => own));
  if (figures.length === 0) return;
  const head = ["column", "", ...figures.map(words)].map((cell) => output.style("dim", cell));
  const lines = rows.slice(0, MOST_ROWS).map(({ column, own }) => {
    const known = STATUSES.find((name) => name === own.status) ?? status;
    return [
      clip(printable(column), 40),
      output.style(STATUS_STYLES[known][1], known),
      ...figures.map((figure) => figureText(figure, own[figure])),
    ];
  });
  output.line();
  for (const line of table([head, ...lines])) output.line(`  ${line}`);
  if (rows.length > MOST_ROWS) output.line(`  and ${rows.length - MOST_ROWS} more`);
}

/** The numbers of the evidence by their names, in the order in which the checker wrote them. */
function figuresOf(evidence: readonly JsonObject[]): string[] {
  const names = new Set(evidence.flatMap((own) => Object.keys(own)));
  names.delete("status");
  return [...names]
    .filter((name) => evidence.some((own) => typeof own[name] === "number"))
    .slice(0, MOST_FIGURES);
}

function figureText(figure: string, value: JsonValue | undefined): string {
  if (typeof value !== "number") return typeof value === "string" ? clip(printable(value), 24) : "";
  if (isPValue(figure)) return pValueText(value);
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) >= 0.001 && Math.abs(value) < 1e6 ? value.toFixed(3) : value.toExponential(1);
}

function words(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=P)(?=Value)/g, " ").toLowerCase();
}
