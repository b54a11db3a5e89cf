import type { Column } from "../../batch/column.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import { ChecksError } from "../../errors.ts";
import { createRandom } from "../../random/random.ts";
import type { SliceCondition } from "./slice-condition.ts";

/** How columns are cut into parts. */
export interface SliceTableOptions {
  /** Which columns; default: all but tensors and times. */
  readonly columns?: readonly string[] | undefined;
  /** Parts of about equal size that a column of numbers is cut into, 2 to 100; default 4. */
  readonly bins?: number;
  /** Most values of a column of texts that have a part of their own, 2 to 200; the others share one. Default 50. */
  readonly levels?: number;
}

/** A column's parts, before any row is put into them. */
export interface FeaturePlan {
  readonly column: string;
  readonly parts: readonly SliceCondition[];
  readonly ordered: boolean;
  /** Of numbers: the least value of each part but the first; null when parts are single values. */
  readonly edges: readonly number[] | null;
  /** Of single values, by their text. */
  readonly codes: ReadonlyMap<string, number>;
  /** Code of values that have no part of their own. */
  readonly other: number;
  readonly missing: number;
}

const SAMPLED = 50_000;

/** Columns seen batch by batch, to be cut once all are seen. */
export interface FeaturePlanner {
  add(batch: ColumnBatch): void;
  finish(): FeaturePlan[];
}

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID for an option outside its range, SCANFLOW_COLUMN_INVALID for a column that is missing or cannot be cut */
export function createFeaturePlanner({
  columns,
  bins = 4,
  levels = 50,
}: SliceTableOptions = {}): FeaturePlanner {
  needWhole("bins", bins, 100);
  needWhole("levels", levels, 200);
  const seen = new Map<string, SeenColumn>();

  function add(batch: ColumnBatch): void {
    for (const column of chosen(batch, columns)) {
      const known = seen.get(column.name) ?? seeColumn(column.name);
      seen.set(column.name, known);
      known.add(column, batch.rows);
    }
  }

  function finish(): FeaturePlan[] {
    return Array.from(seen.values(), (column) => column.plan(bins, levels)).filter(
      ({ parts }) => parts.length > 1,
    );
  }

  return { add, finish };
}

function needWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 2 && value <= most) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `Slices: "${name}" is ${value}: give a whole number from 2 to ${most}.`,
  );
}

function chosen(batch: ColumnBatch, names: readonly string[] | undefined): Column[] {
  if (names === undefined) return batch.columns.filter(({ kind }) => kind !== "tensor" && kind !== "time");
  return names.map((name) => {
    const column = batch.columns.find((other) => other.name === name);
    if (column !== undefined && column.kind !== "tensor") return column;
    const found = column === undefined ? "is not in the table" : "holds arrays";
    throw new ChecksError(
      "SCANFLOW_COLUMN_INVALID",
      `Column "${name}" ${found}: name columns of texts, numbers or booleans to slice by.`,
    );
  });
}

interface SeenColumn {
  add(column: Column, rows: number): void;
  plan(bins: number, levels: number): FeaturePlan;
}

function seeColumn(name: string): SeenColumn {
  const texts = new Map<string, number>();
  const numbers: number[] = [];
  const random = createRandom(1, name);
  let count = 0;
  let missing = false;

  function addNumber(value: number): void {
    count += 1;
    if (numbers.length < SAMPLED) numbers.push(value);
    else {
      const place = random.below(count);
      if (place < SAMPLED) numbers[place] = value;
    }
  }

  function add(column: Column, rows: number): void {
    if (column.kind === "tensor") return;
    if (column.kind === "text") return addTexts(column.codes, column.dictionary, column.validity);
    for (let row = 0; row < rows; row += 1) {
      const value = column.values[row] as number;
      if (!isValid(column.validity, row) || Number.isNaN(value)) missing = true;
      else if (column.kind === "boolean") texts.set(value === 1 ? "true" : "false", 1);
      else addNumber(value);
    }
  }

  function addTexts(codes: Int32Array, dictionary: readonly string[], validity: Column["validity"]): void {
    const counts = new Float64Array(dictionary.length);
    for (let row = 0; row < codes.length; row += 1) {
      if (isValid(validity, row)) (counts[codes[row] as number] as number) += 1;
      else missing = true;
    }
    for (const [code, text] of dictionary.entries()) {
      if ((counts[code] as number) > 0) texts.set(text, (texts.get(text) ?? 0) + (counts[code] as number));
    }
  }

  function plan(bins: number, levels: number): FeaturePlan {
    const sorted = Float64Array.from(numbers).sort();
    const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
    if (count === 0 || distinct.length <= bins) {
      const values = count === 0 ? frequent(texts, levels) : Array.from(distinct, String);
      return planValues(name, {
        values,
        ordered: count > 0,
        others: count === 0 && texts.size > levels,
        missing,
      });
    }
    const edges = cutNumbers(sorted, bins);
    const lone = count <= SAMPLED && distinct[1] === edges[0] ? (distinct[0] ?? null) : null;
    return planRanges(name, edges, { missing, lone });
  }

  return { add, plan };
}

function frequent(texts: ReadonlyMap<string, number>, levels: number): string[] {
  return Array.from(texts)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, levels)
    .map(([text]) => text);
}

function cutNumbers(sorted: Float64Array, bins: number): number[] {
  const edges: number[] = [];
  for (let bin = 1; bin < bins; bin += 1) {
    const edge = sorted[Math.floor((bin * sorted.length) / bins)] as number;
    if (edge > (edges.at(-1) ?? (sorted[0] as number))) edges.push(edge);
  }
  // One value fills all the inner edges: it stands apart from what lies above.
  const above = sorted.find((value) => value > (sorted[0] as number));
  return edges.length === 0 && above !== undefined ? [above] : edges;
}

interface Values {
  readonly values: readonly string[];
  readonly ordered: boolean;
  readonly others: boolean;
  readonly missing: boolean;
}

function planValues(column: string, { values, ordered, others, missing }: Values): FeaturePlan {
  const parts: SliceCondition[] = values.map((value) => ({ column, kind: "is", values: [value] }));
  const other = parts.length;
  if (others) parts.push({ column, kind: "is", values: ["(a rarer value)"] });
  const none = parts.length;
  if (missing) parts.push({ column, kind: "missing" });
  const codes = new Map(values.map((value, code) => [value, code]));
  return { column, parts, ordered, edges: null, codes, other: others ? other : none, missing: none };
}

/** @param lone the only value of the first part, where it is known to be the only one */
function planRanges(
  column: string,
  edges: readonly number[],
  { missing, lone }: { readonly missing: boolean; readonly lone: number | null },
): FeaturePlan {
  const parts = [...edges, null].map((high, code): SliceCondition => {
    if (code === 0 && lone !== null) return { column, kind: "is", values: [String(lone)] };
    return { column, kind: "range", low: edges[code - 1] ?? null, high };
  });
  const none = parts.length;
  if (missing) parts.push({ column, kind: "missing" });
  return { column, parts, ordered: true, edges, codes: new Map(), other: none, missing: none };
}
