import { type Checker, columnOf, gatherRows, isValid } from "@scanflow/checks";
import {
  dependenceFigure,
  featureRows,
  importanceFigure,
  meanMagnitudes,
  type Predict,
  partialDependence,
  permutationFigure,
  permutationImportance,
  predictTrees,
  readLightgbm,
  rowFigure,
  treeShap,
} from "@scanflow/checks/explain";

/** As many rows as are explained, and as many shuffles. */
const ROWS = 600;
const REPEATS = 5;

/**
 * What do the answers of the trees rest on? Explains them by exact Shapley values (Tree SHAP), by how much
 * the log loss grows when a column is shuffled, and by how the answer changes along a column. It rings when columns
 * that must not count do.
 *
 * Params: `model`, the text of the model file; `protected`, the columns that must not count; `most`, the greatest share of
 * all contributions that each of them may have (0.05); `along`, the columns whose dependence is drawn; `row`, which
 * row is explained (0).
 */
const whatCounts: Checker = async (window, _reference, { params, signal }) => {
  const model = readLightgbm(String(params.model));
  const guarded = new Set(textsOf(params.protected));
  const most = Number(params.most ?? 0.05);
  const people = await gatherRows(window);
  const rows = first(featureRows(model, people), ROWS);
  const attributions = treeShap(model, rows);
  const sizes = meanMagnitudes(attributions);
  const total = sizes.reduce((sum, size) => sum + size, 0);

  const predict: Predict = (asked) => predictTrees(model, asked, { scale: "answer" });
  const label = columnOf(people, "income");
  const truth = Float64Array.from({ length: rows.rows }, (_, row) =>
    label?.kind === "text" &&
    isValid(label.validity, row) &&
    label.dictionary[label.codes[row] ?? 0] === ">50K"
      ? 1
      : 0,
  );
  const importance = await permutationImportance(
    predict,
    { rows, truth },
    { score: "log-loss", repeats: REPEATS, seed: 1, features: model.features, signal },
  );
  const along = textsOf(params.along);
  const curves = await Promise.all(
    along.map((name) => partialDependence(predict, { rows, feature: model.features.indexOf(name) })),
  );

  const found = model.features.map((name, at) => {
    const share = (sizes[at] ?? 0) / total;
    const { mean, low, high } = importance.features[at] ?? { mean: 0, low: 0, high: 0 };
    const status = guarded.has(name) && share > most ? "alarm" : "ok";
    return [name, { status, share, lossAdded: mean, lossAddedLow: low, lossAddedHigh: high }] as const;
  });
  const order = found.sort(([, a], [, b]) => b.share - a.share);
  const named = order.slice(0, 3).map(([name, { share }]) => `${name} (${percent(share)})`);
  const columns = order.filter(([, { status }]) => status === "alarm").map(([name]) => name);
  const row = Number(params.row ?? 0);
  return {
    status: columns.length > 0 ? "alarm" : "ok",
    kind: "explanation",
    message:
      columns.length > 0
        ? `The answers rest on ${columns.join(", ")} by more than ${percent(most)}. Train without.`
        : `The answers rest most on ${named.join(", ")}; ${[...guarded].join(" and ")} count for at most ${percent(most)} each.`,
    columns,
    evidence: Object.fromEntries(order),
    figures: [
      importanceFigure(attributions),
      permutationFigure(importance),
      ...curves.map((curve, at) => dependenceFigure(curve, along[at] ?? "")),
      rowFigure(attributions, { rows, row, texts: textsOfRow(model.features, people, row) }),
    ],
  };
};
export default whatCounts;

function first(
  { columns, values }: { readonly columns: number; readonly values: Float64Array },
  rows: number,
) {
  const kept = values.subarray(0, rows * columns);
  return { rows: kept.length / columns, columns, values: kept };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function textsOfRow(features: readonly string[], people: Parameters<typeof columnOf>[0], row: number) {
  return features.map((name) => {
    const column = columnOf(people, name);
    return column?.kind === "text" && isValid(column.validity, row)
      ? (column.dictionary[column.codes[row] ?? 0] ?? null)
      : null;
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
