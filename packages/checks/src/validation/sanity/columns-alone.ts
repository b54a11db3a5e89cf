import { isoTime } from "../../batch/iso-time.ts";
import type { ColumnProfile } from "../../profile/column-profile.ts";
import type { Profile } from "../../profile/profile.ts";
import { distinctCount } from "../../profile/profile-parts.ts";
import { weightedValues } from "../../profile/quantile.ts";
import { numberWords } from "../fault-words.ts";
import { rowsOf } from "../infer-column.ts";
import { FEWEST_KEYS, mayBeKey } from "../key-columns.ts";
import type { Fault } from "../schema.ts";

/** A column's commonest value, and how many of its rows hold it; a missing value is one like others. */
interface Commonest {
  readonly text: string;
  readonly rows: number;
}

/** Columns of one value, or nearly so: there is nothing, or next to nothing, to learn from them. */
export function constantFaults(
  { columns }: Profile,
  { label, nearConstant }: { readonly label: string | undefined; readonly nearConstant: number },
): Fault[] {
  return columns.flatMap((column): Fault[] => {
    const rows = rowsOf(column);
    const most = commonest(column);
    if (most === null || most.rows < nearConstant * rows) return [];
    const isLabel = column.name === label;
    const only = most.rows === rows;
    if (isLabel && !only) return [];
    const of = only ? `all ${numberWords(rows)}` : `${numberWords(most.rows)} of ${numberWords(rows)}`;
    return [
      {
        rule: "constant",
        status: isLabel ? "alarm" : "warning",
        column: column.name,
        rows: most.rows,
        firstRows: [],
        examples: [most.text],
        message: `${of} rows are ${most.text}`,
        action: isLabel
          ? "give rows of other classes: of one class there is nothing to learn"
          : "leave the column out, or see whether its source still delivers",
      },
    ];
  });
}

function commonest(column: ColumnProfile): Commonest | null {
  const missing: Commonest = { text: "missing", rows: column.nulls };
  const value = commonestValue(column);
  return value === null || value.rows < missing.rows ? (column.nulls > 0 ? missing : value) : value;
}

function commonestValue(column: ColumnProfile): Commonest | null {
  switch (column.kind) {
    case "text": {
      const [text] = column.categories.texts;
      const rows = column.categories.counts[0] ?? 0;
      return text === undefined ? null : { text: JSON.stringify(text), rows };
    }
    case "boolean": {
      const { trues, count } = column;
      if (count === 0) return null;
      return trues * 2 >= count ? { text: "true", rows: trues } : { text: "false", rows: count - trues };
    }
    case "tensor": {
      const { min } = column.minima;
      const same = min !== null && min === column.maxima.max;
      return same ? { text: `${numberWords(min)} in all elements`, rows: column.count } : null;
    }
    default:
      return commonestNumber(column);
  }
}

function commonestNumber(column: Extract<ColumnProfile, { kind: "number" | "time" }>): Commonest | null {
  let best: { value: number; rows: number } | null = null;
  let run = { value: Number.NaN, rows: 0 };
  for (const { value, weight } of weightedValues(column)) {
    run = value === run.value ? { value, rows: run.rows + weight } : { value, rows: weight };
    if (run.rows > (best?.rows ?? 0)) best = run;
  }
  if (best === null) return null;
  const date = column.kind === "time" ? isoTime(best.value) : null;
  return { text: date ?? numberWords(best.value), rows: best.rows };
}

/** From so many rows on whole numbers that never repeat are taken for names, though they do not run on. */
const FEWEST_APART = 1_000;

/**
 * Columns whose values nearly all differ: they name rows, and a model would learn them by heart. A few large numbers
 * differ by chance, so that fewer than 1,000 of them must run on, and in a reference they must differ, too.
 */
export function namingColumns(
  profile: Profile,
  label: string | undefined,
  reference: Profile | null,
): string[] {
  if (profile.rows < FEWEST_KEYS) return [];
  return profile.columns
    .filter((column) => column.name !== label && seemsToName(column, profile))
    .filter(({ name }) => {
      const other = reference?.columns.find((column) => column.name === name);
      return reference === null || other === undefined || seemsToName(other, reference);
    })
    .map(({ name }) => name);
}

function seemsToName(column: ColumnProfile, { rows, sample }: Profile): boolean {
  if (!mayBeKey(column, rows)) return false;
  if (column.kind === "number" && rows < FEWEST_APART && !isRunningNumber(column)) return false;
  const kept = sample.columns.find(({ name }) => name === column.name)?.values ?? [];
  return new Set<unknown>(kept).size >= (column.kind === "number" ? 1 : 0.99) * kept.length;
}

/** @param known named as such by the user: no news */
export function identifierFaults(
  profile: Profile,
  { naming, known }: { readonly naming: readonly string[]; readonly known: readonly string[] },
): Fault[] {
  return naming
    .filter((name) => !known.includes(name))
    .map((column) => ({
      rule: "identifier",
      status: "warning",
      column,
      rows: profile.rows,
      firstRows: [],
      examples: [],
      message: `nearly all of ${numberWords(profile.rows)} values differ: it names rows rather than describes them`,
      action: 'leave it out of what a model learns from, and name it in "ids"',
    }));
}

/** Numbers that run on, such as those of rows: every table has the same ones. */
export function isRunningNumber(column: ColumnProfile | undefined): boolean {
  if (column?.kind !== "number" || column.min === null || column.max === null) return false;
  return column.max - column.min < 2 * column.count;
}

/** Whether a table of these columns could hold many times as many different rows as it does. */
export function isRoomy({ rows, columns }: Profile, except: ReadonlySet<string>): boolean {
  let different = 1;
  for (const column of columns) {
    if (except.has(column.name)) continue;
    different *= Math.max(1, distinctCount(column)?.count ?? ROOM * rows);
    if (different >= ROOM * rows) return true;
  }
  return false;
}

const ROOM = 100;
