import type { Figure } from "./figure.ts";
import { numberText } from "./number-text.ts";
import { shorten } from "./svg.ts";
import { rangeOf } from "./ticks.ts";

const NAMED = 8;

/** What a figure shows, in words, for those who do not see it. */
export function describeFigure(figure: Figure): string {
  switch (figure.kind) {
    case "bars": {
      const shown = figure.categories
        .slice(0, NAMED)
        .map(
          (category, at) =>
            `${category}: ${figure.series.map(({ values }) => valueText(values[at])).join(" and ")}`,
        );
      return shorten(`${figure.y} by ${figure.x}, ${names(figure.series)}. ${shown.join("; ")}.`, 600);
    }
    case "histogram": {
      const [low, high] = [figure.edges[0], figure.edges.at(-1)];
      const peaks = figure.series.map(
        ({ name, shares }) => `${name} up to ${valueText(rangeOf(shares)?.[1])}`,
      );
      return `${figure.y} of ${figure.x} in ${figure.edges.length - 1} bins from ${valueText(low)} to ${valueText(high)}: ${peaks.join(", ")}.`;
    }
    case "lines": {
      const ends = figure.series.map(({ name, points }) => {
        const range = rangeOf(points.map(([, y]) => y));
        return `${name} from ${valueText(range?.[0])} to ${valueText(range?.[1])}`;
      });
      return shorten(`${figure.y} over ${figure.x}: ${ends.join(", ")}.`, 600);
    }
    case "grid": {
      const range = rangeOf(figure.values.flat());
      return `A grid of ${figure.rows.length} by ${figure.columns.length}, ${figure.y} by ${figure.x}, values from ${valueText(range?.[0])} to ${valueText(range?.[1])}.`;
    }
    case "table":
      return shorten(`A table of ${figure.rows.length} rows: ${figure.columns.join(", ")}.`, 600);
    case "images":
      return shorten(
        `${figure.images.length} images of ${figure.width} by ${figure.height} pixels: ${figure.images.map(({ caption }) => caption).join(", ")}.`,
        600,
      );
  }
}

function names(series: readonly { readonly name: string }[]): string {
  return series.map(({ name }) => name).join(" and ");
}

function valueText(value: number | null | undefined): string {
  return value == null ? "none" : numberText(value);
}
