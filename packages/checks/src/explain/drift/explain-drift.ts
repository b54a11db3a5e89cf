import { ChecksError } from "../../errors.ts";
import type { Figure } from "../../figure/figure.ts";
import type { JsonObject } from "../../json/json.ts";
import type { Profile } from "../../profile/profile.ts";
import { columnProfile } from "../../profile/profile-parts.ts";
import { adjustPValues } from "../../statistics/adjust-p-values.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { needOption } from "../explain-input.ts";
import { binsOf } from "./bins.ts";
import { type ColumnChange, columnChange } from "./column-change.ts";
import { driftFigures } from "./drift-figures.ts";
import { type ExampleRow, exampleRows } from "./example-rows.ts";

/** Of columns that no verdict names, after Benjamini and Hochberg over them. */
const SIGNIFICANCE = 0.05;

/** Settings of `explainDrift`. */
export interface ExplainDriftOptions {
  /** Most columns that are explained, 1 to 100; default 5. */
  readonly most?: number;
  /** Example rows, 0 to 100; default 5. */
  readonly examples?: number;
  /**
   * How much the model rests on each column, such as mean absolute Shapley values: columns whose shift matters to it
   * come first. Columns that are not named count 0.
   */
  readonly importance?: Readonly<Record<string, number>>;
}

/** Why a window drifted. Plain JSON data. */
export interface DriftExplanation {
  /** One sentence a column, such as "age 60+: 4 % → 19 %; 20–29: 31 % → 18 %". */
  readonly sentences: readonly string[];
  /** What changed, the most first (by distance times importance). */
  readonly columns: readonly ColumnChange[];
  /** Rows of the window that are typical of the change. */
  readonly examples: readonly ExampleRow[];
  readonly figures: readonly Figure[];
}

/**
 * Why a window drifted: which columns, which of their ranges or categories gained or lost and by how much, and rows
 * typical of the change. Works on profiles: neither side's rows need be there. Best with a window that was profiled
 * `like` the reference; else its bins come from its distinct values or its sample.
 *
 * ```ts
 * import { batchOf, createProfiler } from "@scanflow/checks";
 * import { explainDrift } from "@scanflow/checks/explain";
 *
 * const profile = (ages: number[]) => {
 *   const profiler = createProfiler({ seed: 1 });
 *   profiler.add(batchOf({ age: ages }));
 *   return profiler.finish();
 * };
 * const young = Array.from({ length: 300 }, (_, row) => 20 + (row % 40));
 * const { sentences } = explainDrift(profile(young), profile(young.map((age) => age + 10)), null);
 * console.log(sentences); // [ "age 58+: 5 % → 30 %; below 30: 27 % → 0 %" ] or so
 * ```
 *
 * @param verdict whose columns are explained; null, or one that names none, for all
 * columns whose change is no chance
 * @throws ChecksError SCANFLOW_EXPLAIN_INPUT_INVALID when a side has no row, or no column is in both
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function explainDrift(
  reference: Profile,
  window: Profile,
  verdict: Verdict | null,
  { most = 5, examples = 5, importance }: ExplainDriftOptions = {},
): DriftExplanation {
  needOption("explainDrift", { name: "most", value: most, least: 1, most: 100 });
  needOption("explainDrift", { name: "examples", value: examples, least: 0, most: 100 });
  needTables(reference, window);
  const weight = (column: string) => (importance === undefined ? 1 : (importance[column] ?? 0));
  const named = verdict === null || verdict.columns.length === 0 ? null : new Set(verdict.columns);
  const compared = reference.columns
    .filter(({ name }) => named === null || named.has(name))
    .flatMap((column) => {
      const now = columnProfile(window, column.name);
      const bins = now && binsOf({ column, profile: reference }, { column: now, profile: window });
      return bins ? [columnChange(column.name, bins)] : [];
    });
  const adjusted = adjustPValues(
    compared.map(({ pValue }) => pValue),
    "benjamini-hochberg",
  );
  const changes = compared
    .filter(
      ({ gained, lost }, at) =>
        named !== null || (gained.length + lost.length > 0 && (adjusted[at] ?? 1) <= SIGNIFICANCE),
    )
    .toSorted((a, b) => b.distance * weight(b.column) - a.distance * weight(a.column))
    .slice(0, most);
  const rows = exampleRows({ reference, window }, changes, examples);
  return {
    sentences: changes.map(({ sentence }) => sentence),
    columns: changes,
    examples: rows,
    figures: driftFigures({ reference, window }, changes, rows),
  };
}

/**
 * The verdict with an explanation: its sentences behind the message and in the evidence, and its figures, but for those
 * of a kind and column that the verdict shows already.
 */
export function withExplanation<Judged extends Verdict>(
  verdict: Judged,
  explanation: DriftExplanation,
): Judged {
  const evidence: Record<string, JsonObject> = { ...verdict.evidence };
  for (const { column, distance, sentence } of explanation.columns) {
    evidence[column] = { ...evidence[column], change: sentence, totalVariation: distance };
  }
  const shown = new Set((verdict.figures ?? []).map(({ kind, column }) => `${kind} ${column}`));
  const added = explanation.figures.filter(({ kind, column }) => !shown.has(`${kind} ${column}`));
  const said = explanation.sentences.map((sentence) => `\n${sentence}.`).join("");
  return {
    ...verdict,
    message: `${verdict.message}${said}`,
    evidence,
    figures: [...(verdict.figures ?? []), ...added],
  };
}

function needTables(reference: Profile, window: Profile): void {
  const fail = (found: string): never => {
    throw new ChecksError("SCANFLOW_EXPLAIN_INPUT_INVALID", `explainDrift: ${found}.`);
  };
  if (reference.rows === 0) fail("the reference has no row: profile the data it was judged by");
  if (window.rows === 0) fail("the window has no row: see whether its source still delivers");
  if (reference.columns.some(({ name }) => columnProfile(window, name) !== undefined)) return;
  const names = reference.columns.slice(0, 5).map(({ name }) => `"${name}"`);
  fail(
    `the window has no column of the reference (${names.join(", ")}): give two profiles of the same table`,
  );
}
