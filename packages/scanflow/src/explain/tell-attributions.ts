import type { Figure, Matrix } from "@scanflow/checks";
import {
  type Attributions,
  importanceFigure,
  meanMagnitudes,
  rowFigure,
  summaryFigure,
} from "@scanflow/checks/explain";
import type { Explanation, RowExplanation } from "./explanation.ts";

export function importanceOf(attributions: Attributions, output: number | null): Explanation["importance"] {
  const outputs = output === null ? attributions.values.keys() : [output];
  const sums = new Float64Array(attributions.features.length);
  for (const own of outputs) {
    for (const [at, mean] of meanMagnitudes(attributions, own).entries())
      sums[at] = (sums[at] as number) + mean;
  }
  return attributions.features
    .map((feature, at) => ({ feature, importance: sums[at] as number }))
    .sort((a, b) => b.importance - a.importance);
}

/** What is told of attributions. */
export interface Shown {
  readonly rows: Matrix;
  readonly row: number | null;
  readonly texts: readonly (string | null)[];
  readonly output: number | null;
}

export function rowExplanation(
  attributions: Attributions,
  { rows, row, texts, output }: Shown & { readonly row: number },
): RowExplanation {
  const shown = output ?? likeliest(attributions);
  const contributions = attributions.values[shown]?.values ?? new Float64Array(0);
  const base = attributions.base[shown] as number;
  return {
    row,
    output: shown,
    base,
    answer: contributions.reduce((sum, value) => sum + value, base),
    contributions: attributions.features
      .map((feature, at) => {
        const value = rows.values[at] as number;
        return {
          feature,
          value: texts[at] ?? (Number.isNaN(value) ? null : value),
          contribution: contributions[at] as number,
        };
      })
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
}

/** The output with the highest score in the first row. */
function likeliest({ base, values }: Attributions): number {
  const scores = values.map((own, output) =>
    own.values.reduce((sum, value) => sum + value, base[output] as number),
  );
  return scores.indexOf(Math.max(...scores));
}

export function figuresOf(attributions: Attributions, { rows, row, texts, output }: Shown): Figure[] {
  const shown = output ?? (row === null ? 0 : likeliest(attributions));
  if (row !== null) {
    const figure = rowFigure(attributions, { rows, row: 0, texts }, { output: shown });
    return [{ ...figure, title: figure.title.replace(/^Row 0/, `Row ${row}`) }];
  }
  return [
    importanceFigure(attributions, { output: shown }),
    summaryFigure(attributions, rows, { output: shown }),
  ];
}
