import type { Figure } from "../figure/figure.ts";
import type { JsonObject } from "../json/json.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { numberWords } from "./fault-words.ts";
import type { Fault } from "./schema.ts";

/** Where faults of whole rows stand in the evidence. */
const ROWS = "(rows)";
const NAMED = 6;
const DRAWN = 20;

/** Faults of a table, and the words round them. */
export interface FaultyTable {
  readonly faults: readonly Fault[];
  /** The message when there is no fault. */
  readonly sound: string;
  /** The beginning of the message when there are. */
  readonly head: string;
  /** What else is known of columns, by their names. */
  readonly facts?: ReadonlyMap<string, JsonObject>;
  readonly figures: readonly Figure[];
}

/** What faults make of a table: alarms first, then those with most rows. */
export function faultsVerdict({ faults, sound, head, facts = new Map(), figures }: FaultyTable): Verdict {
  const sorted = [...faults].sort(
    (a, b) => Number(b.status === "alarm") - Number(a.status === "alarm") || b.rows - a.rows,
  );
  const byColumn = new Map<string, Fault[]>();
  for (const fault of sorted) {
    const place = fault.column ?? ROWS;
    byColumn.set(place, [...(byColumn.get(place) ?? []), fault]);
  }
  const faulty = [...byColumn].map(([place, own]): [string, JsonObject] => [
    place,
    {
      status: own[0]?.status ?? "warning",
      rows: Math.max(...own.map((fault) => fault.rows)),
      ...facts.get(place),
      faults: own.map(plain),
    },
  ]);
  const others = [...facts]
    .filter(([place]) => !byColumn.has(place))
    .map(([place, own]): [string, JsonObject] => [place, { status: "ok", ...own }]);
  return {
    status: sorted[0]?.status ?? "ok",
    kind: "integrity",
    message: sorted.length === 0 ? sound : `${head}: ${describe(sorted)}`,
    columns: [...byColumn.keys()].filter((place) => place !== ROWS),
    evidence: Object.fromEntries([...faulty, ...others]),
    ...(figures.length > 0 && { figures }),
  };
}

/** What broken rules make of a table. */
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
  const rules = `${faults.length} ${faults.length === 1 ? "rule is" : "rules are"}`;
  return faultsVerdict({
    faults,
    sound: `${numberWords(rows)} rows of "${name}" keep all rules of ${columns.length} columns.`,
    head: `${rules} broken in "${name}"`,
    figures: faults.length === 0 ? [] : [faultFigure(faults, rows)],
  });
}

function plain({ column: _, ...fault }: Fault): JsonObject {
  return { ...fault };
}

function describe(faults: readonly Fault[]): string {
  const shown = faults.slice(0, NAMED).map(({ column, message }) => {
    const text = message.endsWith(".") ? message.slice(0, -1) : message;
    return column === null ? text : `"${column}": ${text}`;
  });
  if (faults.length > NAMED) shown.push(`and ${faults.length - NAMED} more`);
  return `${shown.join("; ")}. ${nextAction(faults)}.`;
}

/** Of several faults the action of the gravest one, and which of them it is for. */
function nextAction([worst, ...others]: readonly Fault[]): string {
  const action = worst?.action ?? "look at the rows";
  if (others.length === 0) return `${action.slice(0, 1).toUpperCase()}${action.slice(1)}`;
  const place = worst?.column == null ? `rule "${worst?.rule}"` : `"${worst.column}"`;
  return `Begin with the first, ${place}: ${action}`;
}

function faultFigure(faults: readonly Fault[], rows: number): Figure {
  const shown = [...faults].sort((a, b) => b.rows - a.rows).slice(0, DRAWN);
  return {
    kind: "bars",
    title: "Rows that break a rule",
    x: "column and rule",
    y: "share of rows",
    categories: shown.map(({ column, rule }) => (column === null ? rule : `${column}: ${rule}`)),
    series: [{ name: "share", values: shown.map((fault) => fault.rows / Math.max(1, rows)) }],
  };
}
