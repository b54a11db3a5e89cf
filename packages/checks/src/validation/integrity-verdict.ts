import type { Figure } from "../figure/figure.ts";
import type { JsonObject } from "../json/json.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { numberWords } from "./fault-words.ts";
import type { Fault } from "./schema.ts";

/** Where faults of whole rows stand in the evidence. */
const ROWS = "(rows)";
const NAMED = 6;
const DRAWN = 20;

/** What faults make of a table: alarms first, then those with most rows. */
export function integrityVerdict({
  name,
  rows,
  columns,
  faults,
}: {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly faults: readonly Fault[];
}): Verdict {
  const sorted = [...faults].sort(
    (a, b) => Number(b.status === "alarm") - Number(a.status === "alarm") || b.rows - a.rows,
  );
  if (sorted.length === 0) {
    const message = `${numberWords(rows)} rows of "${name}" keep all rules of ${columns.length} columns.`;
    return { status: "ok", kind: "integrity", message, columns: [], evidence: {} };
  }
  const byColumn = new Map<string, Fault[]>();
  for (const fault of sorted) {
    const place = fault.column ?? ROWS;
    byColumn.set(place, [...(byColumn.get(place) ?? []), fault]);
  }
  const evidence = [...byColumn].map(([place, own]): [string, JsonObject] => [
    place,
    {
      status: own[0]?.status ?? "warning",
      rows: Math.max(...own.map((fault) => fault.rows)),
      faults: own.map(plain),
    },
  ]);
  return {
    status: sorted[0]?.status ?? "warning",
    kind: "integrity",
    message: describe(sorted, name),
    columns: [...byColumn.keys()].filter((place) => place !== ROWS),
    evidence: Object.fromEntries(evidence),
    figures: [faultFigure(sorted, rows)],
  };
}

function plain({ column: _, ...fault }: Fault): JsonObject {
  return { ...fault };
}

function describe(faults: readonly Fault[], name: string): string {
  const shown = faults.slice(0, NAMED).map(({ column, message }) => {
    const text = message.endsWith(".") ? message.slice(0, -1) : message;
    return column === null ? text : `"${column}": ${text}`;
  });
  if (faults.length > NAMED) shown.push(`and ${faults.length - NAMED} more`);
  const rules = `${faults.length} ${faults.length === 1 ? "rule is" : "rules are"} broken in "${name}"`;
  return `${rules}: ${shown.join("; ")}. ${nextAction(faults)}.`;
}

/** Of several faults the action of the gravest one, and which of them it is for. */
function nextAction([worst, ...others]: readonly Fault[]): string {
  const action = worst?.action ?? "look at the rows";
  if (others.length === 0) return `${action.slice(0, 1).toUpperCase()}${action.slice(1)}`;
  const place = worst?.column == null ? `rule "${worst?.rule}"` : `"${worst.column}"`;
  return `Begin with the first, ${place}: ${action}`;
}

function faultFigure(faults: readonly Fault[], rows: number): Figure {
  const shown = faults.slice(0, DRAWN);
  return {
    kind: "bars",
    title: "Rows that break a rule",
    x: "column and rule",
    y: "share of rows",
    categories: shown.map(({ column, rule }) => (column === null ? rule : `${column}: ${rule}`)),
    series: [{ name: "share", values: shown.map((fault) => fault.rows / Math.max(1, rows)) }],
  };
}
