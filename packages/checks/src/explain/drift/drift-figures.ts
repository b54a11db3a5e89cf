import type { BarsFigure, Figure, HistogramFigure, TableFigure } from "../../figure/figure.ts";
import { rangeOf } from "../../figure/ticks.ts";
import type { JsonValue } from "../../json/json.ts";
import type { Profile } from "../../profile/profile.ts";
import { columnProfile, sampleValues } from "../../profile/profile-parts.ts";
import type { ColumnChange } from "./column-change.ts";
import type { ExampleRow } from "./example-rows.ts";

interface Sides {
  readonly reference: Profile;
  readonly window: Profile;
}

/** Bars of equal width in a histogram of old and new. */
const BARS = 24;
const MOST_CATEGORIES = 12;

/** Old and new side by side, of each column; before them which columns changed most, after them example rows. */
export function driftFigures(
  sides: Sides,
  changes: readonly ColumnChange[],
  examples: readonly ExampleRow[],
): Figure[] {
  const columns = changes.map((change) => changeFigure(sides, change));
  const overview = changes.length > 1 ? [overviewFigure(changes)] : [];
  return [...overview, ...columns, ...(examples.length > 0 ? [examplesFigure(changes, examples)] : [])];
}

function overviewFigure(changes: readonly ColumnChange[]): BarsFigure {
  return {
    kind: "bars",
    title: "How far each column moved",
    x: "column",
    y: "total variation, 0 to 1",
    categories: changes.map(({ column }) => column),
    series: [{ name: "window against reference", values: changes.map(({ distance }) => distance) }],
  };
}

function changeFigure({ reference, window }: Sides, change: ColumnChange): Figure {
  const { column } = change;
  const kind = columnProfile(reference, column)?.kind;
  const [old, now] = [sampleValues(reference, column), sampleValues(window, column)];
  if (kind === "number" && old.length > 0 && now.length > 0) return histogramFigure(change, old, now);
  const shown = change.bins
    .filter((bin) => bin.reference > 0 || bin.window > 0)
    .toSorted((a, b) =>
      kind === "text" ? Math.abs(b.window - b.reference) - Math.abs(a.window - a.reference) : 0,
    )
    .slice(0, kind === "text" ? MOST_CATEGORIES : undefined);
  return {
    kind: "bars",
    title: change.sentence,
    column,
    x: column,
    y: "share of rows",
    categories: shown.map(({ part }) => part),
    series: [
      { name: "reference", values: shown.map((bin) => bin.reference) },
      { name: "window", values: shown.map((bin) => bin.window) },
    ],
  };
}

/** Bins of equal width over what lies within the middle 99 % of either side; the outer bins take the rest. */
function histogramFigure(
  { column, sentence }: ColumnChange,
  old: Float64Array,
  now: Float64Array,
): HistogramFigure {
  const at = (sorted: Float64Array, share: number) =>
    sorted[Math.round((sorted.length - 1) * share)] as number;
  const ends = [old, now].flatMap((values) => [at(values, 0.005), at(values, 0.995)]);
  const [low, high] = rangeOf(ends) ?? [0, 1];
  const width = (high - low || 1) / BARS;
  const shares = (values: Float64Array) => {
    const counts = new Array<number>(BARS).fill(0);
    for (const value of values) {
      const bin = Math.min(BARS - 1, Math.max(0, Math.floor((value - low) / width)));
      counts[bin] = (counts[bin] ?? 0) + 1 / values.length;
    }
    return counts;
  };
  return {
    kind: "histogram",
    title: sentence,
    column,
    x: column,
    y: "share of rows",
    edges: Array.from({ length: BARS + 1 }, (_, edge) => low + edge * width),
    series: [
      { name: "reference", shares: shares(old) },
      { name: "window", shares: shares(now) },
    ],
  };
}

function examplesFigure(changes: readonly ColumnChange[], examples: readonly ExampleRow[]): TableFigure {
  const first = changes.map(({ column }) => column);
  const names = [...new Set([...first, ...Object.keys(examples[0]?.values ?? {})])];
  const shown = names.filter((name) => examples.some(({ values }) => values[name] !== undefined));
  return {
    kind: "table",
    title: "Rows of the window that are typical of the change",
    columns: ["row", "times as likely", ...shown],
    rows: examples.map(({ row, odds, values }): JsonValue[] => [
      row,
      Number(odds.toPrecision(3)),
      ...shown.map((name) => values[name] ?? null),
    ]),
  };
}
