import { describe, expect, test } from "vitest";
import { renderFigure } from "../../figure/render-figure.ts";
import { accumulatedLocalEffects } from "../dependence/accumulated-local-effects.ts";
import { partialDependence } from "../dependence/partial-dependence.ts";
import { matrixOf, predictor } from "../explain.support.ts";
import { permutationImportance } from "../importance/permutation-importance.ts";
import { kernelShap } from "../kernel/kernel-shap.ts";
import { importanceFigure, permutationFigure, rowFigure, summaryFigure } from "./attribution-figures.ts";
import { dependenceFigure, localEffectsFigure } from "./dependence-figure.ts";

const rows = matrixOf(Array.from({ length: 40 }, (_, row) => [row % 8, (row * 7) % 5, row % 3]));
const model = predictor(([a = 0, b = 0]) => [2 * a - b + 1]);

describe("figures of a linear model", async () => {
  const features = ["a", "b", "unused"];
  const attributions = await kernelShap(model, rows, { background: rows, features });

  test("of a row go from the base to its answer", () => {
    const figure = rowFigure(attributions, { rows, row: 7 });
    // The mean of a is 3.5, of b 2.
    expect(figure.title).toBe("Row 7: from 6, expected of any row, to 11");
    expect(figure.categories).toEqual(["a = 7", "b = 4", "unused = 1"]);
    expect(figure.series[0]?.values.map((value) => Number(value?.toFixed(9)) + 0)).toEqual([7, -2, 0]);
  });

  test("of a row sum up what is not shown", () => {
    const figure = rowFigure(attributions, { rows, row: 7 }, { most: 1 });
    expect(figure.categories).toEqual(["a = 7", "2 others"]);
    expect(figure.series[0]?.values[1]).toBeCloseTo(-2, 9);
  });

  test("of importance put the most important first", () => {
    const figure = importanceFigure(attributions);
    expect(figure.categories).toEqual(features);
    expect(figure.series[0]?.values[0]).toBeCloseTo(4, 9);
  });

  test("of the summary show that high values of a push up, and of b down", () => {
    const { rows: named, values } = summaryFigure(attributions, rows);
    expect(named).toEqual(features);
    const [a, b] = values.map((cells) => cells.filter((cell) => cell !== null));
    expect(a?.[0]).toBeLessThan(-0.8);
    expect(a?.at(-1)).toBeGreaterThan(0.8);
    expect(b?.[0]).toBeGreaterThan(b?.at(-1) ?? 0);
  });

  test("are all drawn", async () => {
    const figures = [
      rowFigure(attributions, { rows, row: 0 }),
      importanceFigure(attributions),
      summaryFigure(attributions, rows),
      permutationFigure(
        await permutationImportance(
          model,
          { rows, truth: Float64Array.from(rows.values.filter((_, at) => at % 3 === 0)) },
          { score: "r2", features },
        ),
      ),
      dependenceFigure(await partialDependence(model, { rows, feature: 0 }), "a"),
      localEffectsFigure(await accumulatedLocalEffects(model, { rows, feature: 0 }), "a"),
    ];
    for (const figure of figures) expect(renderFigure(figure)).toMatch(/^<svg.*<\/svg>\s*$/s);
  });

  test("of dependence hold most of the rows in a band", async () => {
    const figure = dependenceFigure(await partialDependence(model, { rows, feature: 0 }), "a");
    const [series] = figure.series;
    expect(series?.points[0]).toEqual([0, expect.closeTo(-1, 9)]);
    expect(series?.band?.[0]).toEqual([-3, 1]);
  });
});
