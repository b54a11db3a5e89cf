import type { Figure } from "../../figure/figure.ts";
import { classCounts } from "../infer-classes.ts";
import type { ColumnPair } from "./column-pairs.ts";
import type { SanityFindings } from "./findings.ts";
import type { Region } from "./regions.ts";

const DRAWN = 20;

/** What tells more as a picture than in words. */
export function sanityFigures({ columns, compared, reference }: SanityFindings, label = ""): Figure[] {
  return [
    ...skillFigure(columns.predictors, label),
    ...regionFigure(compared?.regions ?? []),
    ...pairFigure(columns.pairs),
    ...classFigure(columns.classes, reference === null ? null : classCounts(reference.profile, label), label),
  ];
}

function skillFigure(predictors: SanityFindings["columns"]["predictors"], label: string): Figure[] {
  if (predictors.length === 0) return [];
  const shown = [...predictors].sort((a, b) => b.skill - a.skill).slice(0, DRAWN);
  const positive = (value: number) => Math.max(0, Math.min(1, value));
  return [
    {
      kind: "bars",
      title: `How well each column alone predicts "${label}"`,
      x: "column",
      y: "skill on held-out rows: 0 is chance",
      categories: shown.map(({ column }) => column),
      series: [
        {
          name: "column",
          values: shown.map(({ skill }) => positive(skill)),
          low: shown.map(({ low }) => positive(low)),
          high: shown.map(({ high }) => positive(high)),
        },
        { name: "chance", values: shown.map(({ byChance }) => positive(byChance)) },
      ],
    },
  ];
}

function regionFigure(regions: readonly Region[]): Figure[] {
  if (regions.length === 0) return [];
  const shown = regions.slice(0, DRAWN);
  return [
    {
      kind: "bars",
      title: "What one side has and the other lacks",
      x: "rows with",
      y: "share of rows",
      categories: shown.map(({ text }) => text),
      series: [
        { name: "reference", values: shown.map(({ before }) => before) },
        { name: "current", values: shown.map(({ now }) => now) },
      ],
    },
  ];
}

/** Columns in their own order; of many those with the closest pairs. */
function pairFigure(pairs: readonly ColumnPair[]): Figure[] {
  const names = [...new Set(pairs.flatMap(({ columns }) => columns))];
  const closest = [...pairs].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const kept = new Set<string>();
  for (const name of closest.flatMap(({ columns }) => columns)) if (kept.size < DRAWN) kept.add(name);
  const shown = names.filter((name) => kept.has(name));
  if (shown.length < 2) return [];
  const values = new Map(pairs.map(({ columns, value }) => [JSON.stringify(columns), value]));
  const closenessOf = (a: string, b: string) =>
    a === b ? 1 : (values.get(JSON.stringify([a, b])) ?? values.get(JSON.stringify([b, a])) ?? null);
  return [
    {
      kind: "grid",
      title: "How closely columns go together (rank correlation of numbers, else Cramér's V)",
      x: "column",
      y: "column",
      rows: shown,
      columns: shown,
      values: shown.map((a) => shown.map((b) => closenessOf(a, b))),
    },
  ];
}

function classFigure(
  classes: ReadonlyMap<string, number>,
  before: ReadonlyMap<string, number> | null,
  label: string,
): Figure[] {
  if (classes.size < 2) return [];
  const names = [...new Set([...classes.keys(), ...(before?.keys() ?? [])])].slice(0, DRAWN);
  const sharesOf = (counts: ReadonlyMap<string, number>) => {
    const total = [...counts.values()].reduce((sum, rows) => sum + rows, 0);
    return names.map((name) => (counts.get(name) ?? 0) / Math.max(1, total));
  };
  const reference =
    before === null || before.size === 0 ? [] : [{ name: "reference", values: sharesOf(before) }];
  return [
    {
      kind: "bars",
      title: `Classes of "${label}"`,
      column: label,
      x: "class",
      y: "share of rows",
      categories: names,
      series: [...reference, { name: "current", values: sharesOf(classes) }],
    },
  ];
}
