import { numberText } from "../figure/number-text.ts";
import type { JsonObject, JsonValue } from "../json/json.ts";
import { isPValue, pValueText } from "../statistics/p-value-text.ts";
import { gravity } from "../verdict/gravity.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { badge, counted, foreign, statusOf } from "./html.ts";

const OPEN = 12;
const MOST = 200;
const FIELDS = 9;
const ITEMS = 6;
/** What says nothing, as JSON. */
const EMPTY = new Set(["null", "[]", "{}", '""']);

type Row = readonly [column: string, entry: JsonObject];

/**
 * What a verdict rests on, a row per column, the gravest first; of many only the first ones are open. What is the
 * same in all rows is said once.
 */
export function evidenceTable({ columns, evidence }: Verdict): string {
  const rows = inOrder(columns, Object.entries(evidence));
  if (rows.length === 0) return "";
  const { shared, fields } = fieldsOf(rows);
  const head = ["column", ...fields.map(spaced)].map((name) => `<th scope="col">${foreign(name, 40)}</th>`);
  const body = rows.slice(0, MOST).map((row) => rowOf(row, fields));
  const grave = rows.filter(([, { status }]) => gravity(statusOf(status) ?? "ok") > 0).length;
  const open = Math.min(body.length, Math.max(OPEN, Math.min(grave, 3 * OPEN)));
  const note = shared.length === 0 ? "" : `<p class="note">In all rows ${shared.join(" · ")}</p>`;
  const table = (part: readonly string[]) =>
    `<div class="scroll"><table><thead><tr>${head.join("")}</tr></thead><tbody>${part.join("")}</tbody></table></div>`;
  const rest = body.slice(open);
  const hidden =
    rows.length > MOST ? `<p class="note">${counted(rows.length - MOST, "more column")} not shown.</p>` : "";
  const folded =
    rest.length === 0
      ? ""
      : `<details><summary>${counted(rest.length, "more column")}</summary>${table(rest)}</details>`;
  return note + table(body.slice(0, open)) + folded + hidden;
}

function inOrder(worst: readonly string[], rows: readonly Row[]): Row[] {
  const places = new Map(worst.map((name, place) => [name, place]));
  const place = ([name]: Row) => places.get(name) ?? places.size;
  const grave = ([, { status }]: Row) => gravity(statusOf(status) ?? "ok");
  return [...rows].sort((a, b) => grave(b) - grave(a) || place(a) - place(b));
}

function fieldsOf(rows: readonly Row[]): { shared: string[]; fields: string[] } {
  const names = new Set(rows.slice(0, MOST).flatMap(([, entry]) => Object.keys(entry)));
  const shared: string[] = [];
  const fields: string[] = [];
  for (const name of names) {
    const values = new Set(rows.map(([, entry]) => JSON.stringify(entry[name] ?? null)));
    if ([...values].every((value) => EMPTY.has(value))) continue;
    const value = rows[0]?.[1][name];
    const same = values.size === 1 && rows.length > 2 && name !== "status" && typeof value !== "object";
    if (same) shared.push(`${foreign(spaced(name), 40)}: ${scalar(name, value ?? null)}`);
    else fields.push(name);
  }
  const wordy = (name: string) => (name === "status" ? -1 : isWords(rows, name) ? 1 : 0);
  fields.sort((a, b) => wordy(a) - wordy(b));
  const words = fields.filter((name) => wordy(name) > 0);
  const short = fields.filter((name) => wordy(name) <= 0);
  return { shared, fields: [...short.slice(0, FIELDS), ...words.slice(0, 2)] };
}

function isWords(rows: readonly Row[], name: string): boolean {
  return rows.some(([, entry]) => {
    const value = entry[name];
    return (typeof value === "object" && value !== null) || (typeof value === "string" && value.length > 32);
  });
}

function rowOf([column, entry]: Row, fields: readonly string[]): string {
  const cells = fields.map((field) => {
    const value = entry[field] ?? null;
    if (typeof value === "number") return `<td class="number">${scalar(field, value)}</td>`;
    if (typeof value === "object" && value !== null) return `<td class="words">${nested(value)}</td>`;
    const words = typeof value === "string" && value.length > 32;
    return words ? `<td class="words">${foreign(value, 400)}</td>` : `<td>${scalar(field, value)}</td>`;
  });
  return `<tr><th scope="row">${foreign(column === "" ? "(no name)" : column)}</th>${cells.join("")}</tr>`;
}

function scalar(field: string, value: JsonValue): string {
  if (value === null) return "–";
  if (typeof value === "number") return isPValue(field) ? pValueText(value) : numberText(value);
  const status = field === "status" || field === "severity" ? statusOf(value) : null;
  return status === null ? foreign(String(value), 120) : badge(status);
}

function nested(value: JsonValue): string {
  const items = Array.isArray(value) ? value : [value];
  const shown = items.slice(0, ITEMS).map((item) => `<li>${itemOf(item)}</li>`);
  if (items.length > ITEMS) shown.push(`<li class="next">and ${items.length - ITEMS} more</li>`);
  return `<ul>${shown.join("")}</ul>`;
}

/** An entry of a list: its message, examples and next action where it has them, else its fields. */
function itemOf(item: JsonValue): string {
  if (typeof item !== "object" || item === null) return scalar("", item);
  if (Array.isArray(item)) return foreign(JSON.stringify(item), 160);
  const { message, action, status, examples, ...rest } = item as JsonObject;
  if (typeof message !== "string") {
    const pairs = Object.entries(item).map(([key, value]) => `${spaced(key)} ${plain(value)}`);
    return foreign(pairs.join(", "), 200);
  }
  const known = statusOf(status);
  const rows =
    Array.isArray(rest.firstRows) && rest.firstRows.length > 0 ? `rows ${plain(rest.firstRows)}` : "";
  const shown = Array.isArray(examples) && examples.length > 0 ? `e.g. ${plain(examples)}` : "";
  const facts = [rows, shown].filter((part) => part !== "").join(", ");
  return [
    known === null ? "" : `${badge(known)} `,
    foreign(message, 400),
    facts === "" ? "" : `<br><span class="next">${foreign(facts, 200)}</span>`,
    typeof action === "string" ? `<br><span class="next">→ ${foreign(action, 300)}</span>` : "",
  ].join("");
}

function plain(value: JsonValue | undefined): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.slice(0, 8).map(plain).join(", ");
  return JSON.stringify(value ?? null);
}

/** "adjustedPValue" as "adjusted p value". */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ").toLowerCase();
}
