import { columnOf } from "../../batch/column-batch.ts";
import { toMatrix } from "../../batch/to-matrix.ts";
import type { CheckContext, Checker, Dataset } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import type { BarsFigure } from "../../figure/figure.ts";
import type { JsonObject } from "../../json/json.ts";
import { quoted } from "../../json/quoted.ts";
import type { Matrix } from "../../maths/matrix.ts";
import { sampleBatch } from "../../profile/sample-columns.ts";
import { pValueText } from "../../statistics/p-value-text.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { featureRows } from "../tree/feature-rows.ts";
import { readLightgbm } from "../tree/read-lightgbm.ts";
import type { TreeEnsemble } from "../tree/tree-ensemble.ts";
import { treeShap } from "../tree/tree-shap.ts";
import { type AttributionDrift, attributionDrift, orderOf } from "./attribution-drift.ts";

interface Settings {
  readonly minimumGain: number;
  readonly significance: number;
  readonly repeats: number;
  readonly minimumSample: number;
  readonly columns: readonly string[] | null;
  readonly model: TreeEnsemble | null;
}

/**
 * Does the model rest on other features than it did? Compares the order of features by mean absolute attribution
 * (`attributionDrift`). The tables hold attributions, a column per feature, as a step that explains predictions
 * writes them; or they hold the features, and `model` is the text of a LightGBM file to explain them with.
 *
 * - `alarm`: the gain is below `minimumGain` (default .90, as Amazon SageMaker Clarify alarms) and its p value at most
 *   `significance` (default .05)
 * - `warning`: so low a gain is no chance, but it is not below the minimum
 *
 * Params: `minimumGain` 0 to 1, `significance` 0 to 1, `repeats` of the permutation test (default 499),
 * `minimumSample` rows a side (default 30), `columns` (default: all numbers, or the model's), `model`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param, SCANFLOW_TREES_INVALID for a damaged model
 */
export const importanceChecker: Checker = async (window, reference, context) => {
  const settings = readSettings(context);
  if (reference === null)
    return invalidVerdict(
      "drift",
      "There is no reference: give the attributions of a time when all was well.",
    );
  const sides: Matrix[] = [];
  let features: readonly string[] = [];
  for (const dataset of [reference, window]) {
    const table = await attributionsOf(dataset, settings);
    if ("problem" in table) return invalidVerdict("drift", `${dataset.name}: ${table.problem}`, table.column);
    features = sides.length === 0 ? table.features : features;
    if (table.features.join("\n") !== features.join("\n")) {
      return otherColumns(dataset.name, features, table.features);
    }
    sides.push(table.matrix);
    context.signal.throwIfAborted();
  }
  const [before, now] = sides as [Matrix, Matrix];
  const drift = attributionDrift(before, now, {
    random: context.random("attribution-drift"),
    repeats: settings.repeats,
  });
  return verdictOf(features, drift, settings);
};

function otherColumns(window: string, known: readonly string[], now: readonly string[]): Verdict {
  const gone = known.filter((name) => !now.includes(name));
  const added = now.filter((name) => !known.includes(name));
  const found = [
    ...(gone.length > 0 ? [`it has no numbers in ${quoted(gone)}, which the reference has`] : []),
    ...(added.length > 0 ? [`the reference has no numbers in ${quoted(added)}`] : []),
  ];
  const told = found.length > 0 ? found.join(", and ") : "its columns stand in another order";
  const message = `${window}: ${told}. Mend what fills the columns, or name those to compare by "columns".`;
  return invalidVerdict("drift", message, [...gone, ...added][0]);
}

function readSettings(context: CheckContext): Settings {
  const params = checkerParams(
    context,
    'Give {"minimumGain", "significance", "repeats", "minimumSample", "columns", "model"}; each may be left out.',
  );
  const model = params.text("model");
  const settings = {
    minimumGain: params.number("minimumGain", 0.9, [0, 1]),
    significance: params.number("significance", 0.05, [0, 1]),
    repeats: params.whole("repeats", 499, [19, 1e6]),
    minimumSample: params.whole("minimumSample", 30, [2, 1e9]),
    columns: params.texts("columns") ?? null,
    model: model === undefined ? null : readLightgbm(model),
  };
  params.refuseOthers();
  return settings;
}

type Table =
  | { readonly features: readonly string[]; readonly matrix: Matrix }
  | { readonly problem: string; readonly column?: string };

async function attributionsOf(dataset: Dataset, { columns, model, minimumSample }: Settings): Promise<Table> {
  const batch = sampleBatch(await dataset.profile());
  const features =
    columns ??
    model?.features ??
    batch.columns.filter(({ kind }) => kind === "number").map(({ name }) => name);
  if (batch.rows < minimumSample) {
    return { problem: `it has ${batch.rows} rows, and ${minimumSample} are the least: gather more.` };
  }
  if (features.length < 2)
    return { problem: "it has fewer than two columns of numbers: there is no order to judge." };
  for (const column of features) {
    const found = columnOf(batch, column);
    if (found === undefined) return { problem: `it has no column "${column}": mend what fills it.`, column };
    const isNumbered = found.kind !== "tensor" && (found.kind !== "text" || model?.levels.has(column));
    if (!isNumbered) {
      return {
        problem: `"${column}" holds ${found.kind === "text" ? "texts" : "arrays"}, not numbers.`,
        column,
      };
    }
  }
  if (model !== null) {
    return { features, matrix: magnitudes(treeShap(model, featureRows(model, batch)).values) };
  }
  const matrix = toMatrix(batch, features);
  const wrong = matrix.values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return { features, matrix };
  const column = features[wrong % features.length] as string;
  return { problem: `"${column}" has a missing or infinite attribution: explain every row.`, column };
}

/** Absolute values, added up over the outputs. */
function magnitudes([first, ...others]: readonly Matrix[]): Matrix {
  const values = (first?.values ?? new Float64Array(0)).map(Math.abs);
  for (const other of others) {
    for (const [at, value] of other.values.entries()) values[at] = (values[at] as number) + Math.abs(value);
  }
  return { rows: first?.rows ?? 0, columns: first?.columns ?? 0, values };
}

function verdictOf(
  features: readonly string[],
  { ndcg, pValue, reference, window }: AttributionDrift,
  { minimumGain, significance }: Settings,
): Verdict {
  const isReal = pValue <= significance;
  const status = !isReal ? "ok" : ndcg < minimumGain ? "alarm" : "warning";
  const [before, now] = [orderOf(reference), orderOf(window)];
  const ranks = features.map((_, at) => ({ before: before.indexOf(at) + 1, now: now.indexOf(at) + 1 }));
  const moved = before.filter((at) => ranks[at]?.before !== ranks[at]?.now);
  const columns = moved.map((at) => features[at] as string);
  const told = moved
    .slice(0, 3)
    .map((at) => `${features[at]} (from place ${ranks[at]?.before} to ${ranks[at]?.now})`);
  const gain = `gain ${ndcg.toFixed(3)}, p ${pValueText(pValue)}`;
  const messages = {
    ok: `The model rests on its features as before (${gain}).`,
    warning: `The order of features moved, but not far (${gain})${told.length > 0 ? `: ${told.join(", ")}` : ""}.`,
    alarm: `The model rests on other features than before (${gain}): ${told.join(", ")}. See what changed in them.`,
  };
  return {
    status,
    kind: "drift",
    message: messages[status],
    columns: isReal ? columns : [],
    evidence: Object.fromEntries(
      features.map((feature, at): [string, JsonObject] => [
        feature,
        {
          referenceImportance: reference[at] as number,
          windowImportance: window[at] as number,
          referenceRank: ranks[at]?.before ?? 0,
          windowRank: ranks[at]?.now ?? 0,
          gain: ndcg,
          pValue,
        },
      ]),
    ),
    figures: [figureOf(features, before, [reference, window])],
  };
}

function figureOf(
  features: readonly string[],
  order: readonly number[],
  [reference, window]: readonly [Float64Array, Float64Array],
): BarsFigure {
  const shown = order.slice(0, 20);
  return {
    kind: "bars",
    title: "What the model rests on",
    x: "feature",
    y: "mean absolute attribution",
    categories: shown.map((at) => features[at] as string),
    series: [
      { name: "reference", values: shown.map((at) => reference[at] as number) },
      { name: "window", values: shown.map((at) => window[at] as number) },
    ],
  };
}
