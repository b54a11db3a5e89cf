import type { Profile } from "../profile/profile.ts";
import { sampleBatch } from "../profile/sample-columns.ts";
import { numberWords, shareWords } from "./fault-words.ts";
import { classCounts } from "./infer-classes.ts";
import { rankCorrelations } from "./rank-correlation.ts";
import type { RowFacts } from "./row-facts.ts";
import type { Fault, Schema } from "./schema.ts";
import { binomialTail, exceeds } from "./share-limit.ts";
import type { Spots } from "./spots.ts";

/** Columns that are gone, and columns that are new. */
export function tableFaults(schema: Schema, found: ReadonlySet<string>, rows: number): Fault[] {
  const whole = { rows, firstRows: [], examples: [] };
  const gone = Object.entries(schema.columns).filter(
    ([name, { required = true }]) => required && !found.has(name),
  );
  const { unknownColumns = "warning" } = schema;
  const unknown = [...found].filter((name) => !Object.hasOwn(schema.columns, name));
  return [
    ...gone.map(
      ([column, { severity = "alarm" }]): Fault => ({
        ...whole,
        rule: "column",
        status: severity,
        column,
        message: "the column is not there",
        action: `see whether it was renamed${hint(column, unknown)}, or set "required" to false in the schema`,
      }),
    ),
    ...(unknownColumns === "allow" ? [] : unknown).map(
      (column): Fault => ({
        ...whole,
        rule: "unknownColumn",
        status: unknownColumns === "alarm" ? "alarm" : "warning",
        column,
        message: "the column is not in the schema",
        action: "drop it, or add it to the schema",
      }),
    ),
  ];
}

function hint(name: string, unknown: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  const alike = unknown.find((other) => plain(other) === plain(name));
  return alike === undefined ? "" : ` to "${alike}"`;
}

/**
 * Rows that occur twice, contradict each other, or were in the reference. Pairs of rows grow with the square of a
 * table, so a larger window may have a larger share of repeats.
 */
export function rowFaults(
  schema: Pick<Schema, "rows" | "duplicates" | "conflicts" | "overlap" | "keys">,
  facts: RowFacts,
  {
    level,
    referenceRows,
    growth = Math.max(1, facts.rows / Math.max(1, schema.rows)),
  }: { readonly level: number; readonly referenceRows: number; readonly growth?: number },
): Fault[] {
  const rule = (
    name: Fault["rule"],
    spots: Spots,
    {
      limit,
      column = null,
      what,
      action,
    }: { limit: number; column?: string | null; what: string; action: string },
  ): Fault[] => {
    if (spots.count === 0 || !exceeds(spots.count, facts.rows, { limit, level })) return [];
    const { count, rows } = spots;
    const found = `${numberWords(count)} of ${numberWords(facts.rows)} rows (${shareWords(count / facts.rows)}) ${what}`;
    const message = limit === 0 ? found : `${found}; ${shareWords(limit)} may`;
    return [
      {
        rule: name,
        status: "alarm",
        column,
        rows: count,
        firstRows: [...rows],
        examples: [],
        message,
        action,
      },
    ];
  };
  return [
    ...rule("duplicates", facts.duplicates, {
      limit: Math.min(1, (schema.duplicates ?? 1) * growth),
      what: "repeat an earlier row",
      action: "see whether a file was read or delivered twice, and drop the copies",
    }),
    ...rule("conflicts", facts.conflicts, {
      limit: Math.min(1, (schema.conflicts ?? 1) * growth),
      what: "have the features of an earlier row and another label",
      action: "have these rows labelled again",
    }),
    ...rule("overlap", facts.overlap, {
      limit: Math.min(1, (schema.overlap ?? 1) * 2 * Math.max(1, referenceRows / Math.max(1, schema.rows))),
      what: "are in the reference, too",
      action: "take these rows out: scores on rows that were trained on are too good",
    }),
    ...(schema.keys ?? []).flatMap(({ columns, repeats = 0 }, place) => {
      const spots = facts.repeats[place];
      return spots === undefined
        ? []
        : rule("key", spots, {
            limit: Math.min(1, repeats * growth),
            column: columns.length === 1 ? (columns[0] ?? null) : null,
            what: `repeat the key ${columns.map((name) => `"${name}"`).join(", ")}`,
            action: "keep one row for each key",
          });
    }),
  ];
}

/** Classes of the label that are far rarer or more frequent than they were. */
export function classFaults(schema: Schema, profile: Profile, level: number): Fault[] {
  const { label, classes = {} } = schema;
  if (label === undefined) return [];
  const counts = classCounts(profile, label);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  return Object.entries(classes).flatMap(([name, [least, greatest]]): Fault[] => {
    const count = counts.get(name) ?? 0;
    const rare = count < least * total && binomialTail(total - count, total, 1 - least) <= level;
    const frequent = exceeds(count, total, { limit: greatest, level });
    if (!rare && !frequent) return [];
    return [
      {
        rule: "classes",
        status: "warning",
        column: label,
        rows: count,
        firstRows: [],
        examples: [name],
        message: `the class "${name}" has ${shareWords(count / total)} of ${numberWords(total)} rows; ${shareWords(least)} to ${shareWords(greatest)} are expected`,
        action: "see whether rows of a class are lost, before weighing or sampling again",
      },
    ];
  });
}

/** Pairs of columns that no longer move together as they did. */
export function correlationFaults({ correlations = [], columns }: Schema, profile: Profile): Fault[] {
  const numeric = new Set(profile.columns.filter(({ kind }) => kind === "number").map(({ name }) => name));
  if (correlations.length === 0) return [];
  const correlate = rankCorrelations(sampleBatch(profile));
  return correlations.flatMap(({ columns: [first, second], range: [least, greatest] }): Fault[] => {
    if (!numeric.has(first) || !numeric.has(second)) return [];
    const { correlation, rows } = correlate(first, second);
    if (correlation === null || rows < 10) return [];
    const slack = 4 / Math.sqrt(rows - 3);
    if (correlation >= least - slack && correlation <= greatest + slack) return [];
    return [
      {
        rule: "correlation",
        status: columns[first]?.severity ?? "warning",
        column: first,
        rows,
        firstRows: [],
        examples: [Number(correlation.toFixed(3))],
        message: `its rank correlation with "${second}" is ${correlation.toFixed(2)}; ${least} to ${greatest} is expected`,
        action: "see whether rows of one column were shifted or shuffled, or a unit changed",
      },
    ];
  });
}
