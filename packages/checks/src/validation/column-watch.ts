import type { Column } from "../batch/column.ts";
import { countValid, isValid } from "../batch/validity.ts";
import { numberWords, shareWords } from "./fault-words.ts";
import { fitColumn } from "./fit-column.ts";
import type { ColumnSchema, Fault } from "./schema.ts";
import { exceeds } from "./share-limit.ts";
import { createSpots, type Spots } from "./spots.ts";
import { watchNumbers } from "./watch-numbers.ts";
import { watchTensors } from "./watch-tensors.ts";
import { watchTexts } from "./watch-texts.ts";

/** A rule of shares with the rows that break it. */
export interface Counted {
  readonly rule: Fault["rule"];
  readonly spots: Spots;
  /** The greatest share there may be; 0 for none at all. */
  readonly limit: number;
  /** Of which rows the share is taken; the values that are there when left out. */
  readonly of?: number;
  /** After the column's name, the count and the share: "lie outside 17 to 90". */
  readonly what: string;
  readonly action: string;
  /** Odd rather than wrong. */
  readonly mild?: boolean;
}

/** What looks at the values of one kind of column. */
export interface ValueWatch<Kind extends Column = Column> {
  add(column: Kind, rows: number, firstRow: number): void;
  counted(): readonly Counted[];
  /** Whether all values that were seen are the same. */
  same(): boolean;
}

/** Looks at one column of a window. */
export interface ColumnWatch {
  add(column: Column, rows: number, firstRow: number): void;
  close(level: number): Fault[];
}

export function watchColumn(name: string, schema: ColumnSchema): ColumnWatch {
  const misfits = createSpots();
  const missing = createSpots();
  const values = watchValues(schema);
  let wrongKind: string | null = null;
  let judged = 0;
  let seen = 0;

  function add(column: Column, rows: number, firstRow: number): void {
    seen += rows;
    if (countValid(column.validity, rows) === 0) {
      for (let row = 0; row < rows; row += 1) missing.add(firstRow + row);
      return;
    }
    addMissing(column, rows, { firstRow, missing });
    const before = misfits.count;
    const fitting = fitColumn(column, schema.type, { firstRow, misfits });
    if (fitting === null) {
      wrongKind = column.kind;
      return;
    }
    judged += countValid(fitting.validity, rows);
    if (misfits.count - before < rows) values.add(fitting, rows, firstRow);
  }

  function close(level: number): Fault[] {
    const status = schema.severity ?? "alarm";
    const shared = { column: name, rows: seen, firstRows: [], examples: [] };
    if (wrongKind !== null) {
      return [
        {
          ...shared,
          rule: "type",
          status,
          message: `it holds ${wrongKind}s, not ${plural(schema.type)}`,
          action: `convert it to ${plural(schema.type)}, or set "type" in the schema`,
        },
      ];
    }
    const counted: Counted[] = [
      {
        rule: "type",
        spots: misfits,
        limit: 0,
        of: judged + misfits.count,
        what: `are no ${plural(schema.type)}`,
        action: "mend these cells at their source",
      },
      {
        rule: "missing",
        spots: missing,
        limit: schema.missing ?? 1,
        of: seen,
        what: "are missing",
        action: "see why the source gives none, or fill them in as in training",
      },
      ...values.counted(),
    ];
    const faults = counted.flatMap((rule) => faultOf(rule, { name, status, judged, level }));
    const { commonest } = schema;
    if (commonest !== undefined && judged > 1 && values.same() && commonest ** judged <= level) {
      faults.push({
        ...shared,
        rule: "stuck",
        status,
        message: `all ${numberWords(judged)} values are the same`,
        action: "see whether its source still delivers",
      });
    }
    return faults;
  }

  return { add, close };
}

function addMissing(
  column: Column,
  rows: number,
  { firstRow, missing }: { readonly firstRow: number; readonly missing: Spots },
): void {
  const blank = column.kind === "text" ? column.dictionary.map((text) => text.trim() === "") : null;
  for (let row = 0; row < rows; row += 1) {
    const valid = isValid(column.validity, row);
    const empty = valid && blank !== null && column.kind === "text" && blank[column.codes[row] as number];
    if (!valid || empty === true) missing.add(firstRow + row);
  }
}

function faultOf(
  { rule, spots, limit, of, what, action, mild = false }: Counted,
  {
    name,
    status,
    judged,
    level,
  }: {
    readonly name: string;
    readonly status: Fault["status"];
    readonly judged: number;
    readonly level: number;
  },
): Fault[] {
  const { count, rows, examples } = spots;
  const all = of ?? judged;
  if (count === 0 || !exceeds(count, all, { limit, level })) return [];
  const allowed = limit === 0 ? "" : `; ${shareWords(limit)} may be`;
  return [
    {
      rule,
      status: mild ? "warning" : status,
      column: name,
      rows: count,
      firstRows: [...rows],
      examples: [...examples],
      message: `${numberWords(count)} of ${numberWords(all)} values (${shareWords(count / all)}) ${what}${allowed}`,
      action,
    },
  ];
}

function plural(type: ColumnSchema["type"]): string {
  return type === "integer" ? "whole numbers" : `${type}s`;
}

function watchValues(schema: ColumnSchema): ValueWatch {
  switch (schema.type) {
    case "number":
    case "integer":
      return watchNumbers(schema) as ValueWatch;
    case "text":
      return watchTexts(schema) as ValueWatch;
    case "tensor":
      return watchTensors(schema) as ValueWatch;
    case "time":
      return watchNumbers({ ...schema, type: "number" }) as ValueWatch;
    case "boolean":
      return watchBooleans() as ValueWatch;
  }
}

function watchBooleans(): ValueWatch<Column & { kind: "boolean" }> {
  const seen = new Set<number>();
  return {
    add({ values, validity }, rows) {
      for (let row = 0; row < rows; row += 1) if (isValid(validity, row)) seen.add(values[row] as number);
    },
    counted: () => [],
    same: () => seen.size === 1,
  };
}
