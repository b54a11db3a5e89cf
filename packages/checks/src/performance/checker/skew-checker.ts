import { AnswersError } from "../../answers/answers-error.ts";
import { judgeAnswers } from "../../answers/judge-answers.ts";
import type { Column } from "../../batch/column.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import { isValid } from "../../batch/validity.ts";
import type { Checker } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { gatherRows } from "../../checker/dataset-rows.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { gravest } from "../../verdict/gravity.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";

/**
 * Does a model see the same features in service as in training? Rows of the same `id` are put side by side, and values
 * that differ are counted, column by column; a value on one side only differs. An id that is a number on one side and a
 * text on the other is the same; one that the reference has twice names no row, and is left out.
 *
 * - `alarm`: in some column the share that differs is above `maximumMismatch` (default .01) with its whole interval
 * - `warning`: some values differ
 *
 * Params: `id`, the column that names the rows; `columns` (default: all of the reference), `tolerance` of numbers,
 * relative (default 0: exactly equal), `minimumSample` of rows on both sides (30). Without common ids use `drift`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const skewChecker: Checker = async (window, reference, context) => {
  const params = checkerParams(context, 'Give {"id"}, and as you like "columns", "tolerance".');
  const id = params.needText("id");
  const tolerance = params.number("tolerance", 0, [0, 1]);
  const most = params.number("maximumMismatch", 0.01, [0, 1]);
  const least = params.number("minimumSample", 30, [1, 1e9]);
  const wanted = params.texts("columns");
  params.refuseOthers();
  if (reference === null)
    return invalidVerdict("integrity", "There is no reference: give the rows that were trained on.");
  return judgeAnswers("integrity", async () => {
    const columns = wanted && [id, ...wanted];
    const [before, now] = [await gatherRows(reference, columns), await gatherRows(window, columns)];
    const { pairs, alone, ambiguous } = joinRows(before, now, id);
    const left = leftOut(alone, ambiguous, id);
    if (pairs.length < least) {
      const message = `${pairs.length} rows are on both sides by "${id}", and ${least} are the least${left}: gather more, or compare by drift.`;
      return invalidVerdict("integrity", message, id);
    }
    const names = wanted ?? before.columns.map(({ name }) => name).filter((name) => name !== id);
    if (names.length === 0) {
      const message = `There is no column to compare beside "${id}": give the features of both sides, or name them by "columns".`;
      return invalidVerdict("integrity", message, id);
    }
    const judged = names.map((name) => {
      const [a, b] = [textsOf(before, name, reference.name), textsOf(now, name, window.name)];
      const different = pairs.filter(([row, other]) => !alike(a(row), b(other), tolerance));
      const differing = different.length;
      const share = wilson(differing, pairs.length);
      const status = share.low > most ? "alarm" : differing > 0 ? "warning" : "ok";
      const [[row, other] = [0, 0]] = different;
      const example =
        differing === 0
          ? null
          : `${id} ${textsOf(now, id, window.name)(other)}: ${shown(a(row))} → ${shown(b(other))}`;
      return { name, status, differing, share, example } as const;
    });
    const found = judged.filter(({ status }) => status !== "ok").sort((a, b) => b.differing - a.differing);
    const told = found
      .slice(0, 5)
      .map(({ name, differing, example }) => `"${name}" in ${differing} (such as ${example})`);
    return {
      status: gravest(judged.map(({ status }) => status)),
      kind: "integrity",
      message:
        found.length === 0
          ? `All ${names.length} columns are the same in ${pairs.length} rows of both sides${left}.`
          : `Features differ in ${pairs.length} rows of both sides${left}: ${told.join(", ")}. See how each side works them out.`,
      columns: found.map(({ name }) => name),
      evidence: Object.fromEntries(
        judged.map(({ name, status, differing, example, share: { value, low, high } }) => [
          name,
          { status, rows: pairs.length, differing, share: value, low, high, example },
        ]),
      ),
    };
  });
};

type Value = string | number | null;

interface Joined {
  /** Rows of the reference and of the window with the same id. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Rows of the window whose id the reference has not. */
  readonly alone: number;
  /** Rows of the window whose id the reference has more than once. */
  readonly ambiguous: number;
}

function joinRows(before: ColumnBatch, now: ColumnBatch, id: string): Joined {
  const [a, b] = [textsOf(before, id, "the reference"), textsOf(now, id, "the window")];
  const rows = new Map<string, number>();
  const twice = new Set<string>();
  for (let row = 0; row < before.rows; row += 1) {
    const key = a(row);
    if (key === null) continue;
    if (rows.has(String(key))) twice.add(String(key));
    rows.set(String(key), row);
  }
  const pairs: [number, number][] = [];
  let [alone, ambiguous] = [0, 0];
  for (let row = 0; row < now.rows; row += 1) {
    const key = b(row);
    const other = key === null ? undefined : rows.get(String(key));
    if (other === undefined) alone += 1;
    else if (twice.has(String(key))) ambiguous += 1;
    else pairs.push([other, row]);
  }
  return { pairs, alone, ambiguous };
}

function leftOut(alone: number, ambiguous: number, id: string): string {
  const parts = [
    ...(alone > 0 ? [`${alone} are in the window only`] : []),
    ...(ambiguous > 0 ? [`${ambiguous} have a "${id}" that the reference has twice`] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function shown(value: Value): string {
  if (value === null) return "missing";
  if (typeof value === "string" || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "not a number" : value > 0 ? "infinite" : "minus infinite";
}

function textsOf(batch: ColumnBatch, name: string, side: string): (row: number) => Value {
  const column: Column | undefined = columnOf(batch, name);
  if (column === undefined || column.kind === "tensor") {
    const found = column === undefined ? "is not in" : "holds arrays in";
    throw new AnswersError(name, `Column "${name}" ${found} ${side}: name columns of both sides.`);
  }
  return (row) => {
    if (!isValid(column.validity, row)) return null;
    if (column.kind === "text") return column.dictionary[column.codes[row] as number] ?? null;
    return column.values[row] ?? null;
  };
}

function alike(a: Value, b: Value, tolerance: number): boolean {
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}
