import { ChecksError } from "../../errors.ts";
import type { Matrix } from "../../maths/matrix.ts";
import { createRandom } from "../../random/random.ts";
import type { Signal } from "../../signal.ts";
import { type Attributions, noAttributions } from "../attributions.ts";
import { featureNames, needOption, needRows } from "../explain-input.ts";
import { askPredictor, type Predict } from "../predict.ts";
import { type Coalitions, coalitionsOf } from "./coalitions.ts";
import { askMasked, type MaskedGame } from "./masked-game.ts";
import { solveEfficient } from "./solve-efficient.ts";

/** Settings of `kernelShap`. */
export interface KernelShapOptions {
  /** Rows that stand for "not known": the answer is averaged over them. 20 to 200 are usual; the cost is theirs. */
  readonly background: Matrix;
  /** Of the draws: a whole number; default 0. Matters only when not all coalitions are asked. */
  readonly seed?: number;
  /**
   * Most coalitions asked per row; default 2 × features + 2,048 as in shap, which is all of them up to 11 features.
   * Each is one prediction per background row.
   */
  readonly samples?: number;
  readonly features?: readonly string[];
  /** Columns that are known or not known together, such as a patch of pixels; default: each column for itself. */
  readonly groups?: readonly FeatureGroup[];
  /** What is explained: the answer itself, or its log odds for answers that are probabilities. Default `identity`. */
  readonly link?: "identity" | "logit";
  readonly signal?: Signal | undefined;
}

/** Columns that are one feature. */
export interface FeatureGroup {
  readonly name: string;
  readonly columns: readonly number[];
}

/**
 * Shapley values of any predictor by Kernel SHAP (Lundberg and Lee 2017): exact when all coalitions are asked, else
 * an estimate by weighted least squares. The same numbers as `shap.KernelExplainer` with `l1_reg=0` where exact.
 *
 * For trees use `treeShap`: exact and thousands of times faster.
 *
 * ```ts
 * import { kernelShap } from "@scanflow/checks/explain";
 *
 * const double = await kernelShap(
 *   ({ rows, values }) => ({ rows, columns: 1, values: Float64Array.from({ length: rows }, (_, row) => 2 * (values[row * 2] ?? 0)) }),
 *   { rows: 1, columns: 2, values: Float64Array.of(3, 8) },
 *   { background: { rows: 1, columns: 2, values: Float64Array.of(1, 1) }, features: ["first", "second"] },
 * );
 * console.log(double.base[0], double.values[0]?.values); // 2, [4, 0]
 * ```
 *
 * @param rows the rows to explain; the cost is per row
 * @throws ChecksError SCANFLOW_PREDICTOR_INVALID, SCANFLOW_EXPLAIN_INPUT_INVALID, SCANFLOW_CHECK_OPTION_INVALID
 */
export async function kernelShap(
  predict: Predict,
  rows: Matrix,
  { background, seed = 0, samples, features, groups, link = "identity", signal }: KernelShapOptions,
): Promise<Attributions> {
  needRows("kernelShap", rows, { features: rows.columns, model: "the table" });
  needRows("kernelShap: background", background, { features: rows.columns, model: "the table of rows" });
  if (samples !== undefined) needOption("kernelShap", { name: "samples", value: samples, least: 2 });
  const players = groups ?? featureNames(rows.columns, features).map((name, at) => ({ name, columns: [at] }));
  needGroups(players, rows.columns);
  const on = linkFunction(link);

  const empty = meanRow(await askPredictor(predict, background));
  const outputs = empty.length;
  const answers = await askPredictor(predict, rows, outputs);
  const attributions = noAttributions(
    players.map(({ name }) => name),
    { rows: rows.rows, outputs },
  );
  attributions.base.set(empty.map(on));
  for (let row = 0; row < rows.rows; row += 1) {
    const game = {
      predict,
      outputs,
      background,
      signal,
      row: rows.values.subarray(row * rows.columns, (row + 1) * rows.columns),
    };
    const totals = attributions.base.map(
      (base, at) => on(answers.values[row * outputs + at] as number) - base,
    );
    const active = players.flatMap(({ columns }, at) => (varies(columns, game) ? [at] : []));
    const found = await explainRow(
      { ...game, groups: active.map((at) => players[at]?.columns ?? []) },
      { totals, base: attributions.base, on, samples, random: createRandom(seed, `kernel-shap/${row}`) },
    );
    active.forEach((player, at) => {
      for (let output = 0; output < outputs; output += 1) {
        const target = attributions.values[output]?.values as Float64Array;
        target[row * players.length + player] = found[at * outputs + output] as number;
      }
    });
  }
  return attributions;
}

interface RowTask {
  readonly totals: Float64Array;
  readonly base: Float64Array;
  readonly on: (answer: number) => number;
  readonly samples: number | undefined;
  readonly random: ReturnType<typeof createRandom>;
}

/** @returns players × outputs */
async function explainRow(
  game: MaskedGame,
  { totals, base, on, samples, random }: RowTask,
): Promise<Float64Array> {
  const players = game.groups.length;
  if (players === 0) return new Float64Array(0);
  if (players === 1) return totals;
  const coalitions: Coalitions = coalitionsOf(players, { samples: samples ?? 2 * players + 2_048, random });
  const answers = await askMasked(game, coalitions);
  const gains = answers.map((answer, at) => on(answer) - (base[at % totals.length] as number));
  return solveEfficient(coalitions, { gains, totals });
}

/** Whether a group has another value in any background row: if not, knowing it changes nothing. */
function varies(
  columns: readonly number[],
  { row, background }: { readonly row: Float64Array; readonly background: Matrix },
): boolean {
  return columns.some((column) => {
    for (let at = column; at < background.values.length; at += background.columns) {
      if (!Object.is(background.values[at], row[column]) && background.values[at] !== row[column])
        return true;
    }
    return false;
  });
}

function meanRow({ rows, columns, values }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  values.forEach((value, at) => {
    mean[at % columns] = (mean[at % columns] as number) + value / rows;
  });
  return mean;
}

function linkFunction(link: "identity" | "logit"): (answer: number) => number {
  if (link === "identity") return (answer) => answer;
  return (answer) => {
    if (answer > 0 && answer < 1) return Math.log(answer / (1 - answer));
    throw new ChecksError(
      "SCANFLOW_PREDICTOR_INVALID",
      `kernelShap: the answer ${answer} has no log odds: use the link "identity", or a predictor of probabilities between 0 and 1.`,
    );
  };
}

function needGroups(groups: readonly FeatureGroup[], columns: number): void {
  const seen = new Set<number>();
  for (const { name, columns: own } of groups) {
    for (const column of own) {
      const problem =
        !Number.isInteger(column) || column < 0 || column >= columns
          ? "which is no column"
          : "which is in another group";
      if (problem === "which is in another group" && !seen.has(column)) {
        seen.add(column);
        continue;
      }
      throw new ChecksError(
        "SCANFLOW_EXPLAIN_INPUT_INVALID",
        `kernelShap: the group "${name}" names column ${column}, ${problem}: name each of the ${columns} columns once.`,
      );
    }
  }
  if (seen.size === columns) return;
  throw new ChecksError(
    "SCANFLOW_EXPLAIN_INPUT_INVALID",
    `kernelShap: ${columns - seen.size} of ${columns} columns are in no group: put each into one.`,
  );
}
