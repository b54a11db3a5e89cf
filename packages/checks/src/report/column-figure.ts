import { isoTime } from "../batch/iso-time.ts";
import type { BarsFigure, Figure, HistogramFigure } from "../figure/figure.ts";
import { numberText } from "../figure/number-text.ts";
import { ticksOf } from "../figure/ticks.ts";
import type { ColumnProfile, NumberSummary, TextProfile } from "../profile/column-profile.ts";
import { quantile, weightedValues } from "../profile/quantile.ts";

const BINS = 24;
const BARS = 10;

type Spread = BarsFigure | HistogramFigure;

/** A column of one table or of two. */
export interface ColumnPair {
  readonly name: string;
  readonly reference: ColumnProfile | undefined;
  readonly current: ColumnProfile | undefined;
}

/** How a column's values are spread in the tables; null when there is nothing to draw. */
export function columnFigure({ name, reference, current }: ColumnPair): Spread | null {
  const both = [
    ["reference", reference],
    ["current", current],
  ] as const;
  const kind = (current ?? reference)?.kind;
  const sides = both.flatMap(([side, profile]) =>
    profile !== undefined && profile.kind === kind ? [{ side, profile }] : [],
  );
  const numbers = sides.flatMap(({ side, profile }) => {
    const summary = profile.kind === "tensor" ? profile.means : profile;
    return "moments" in summary && summary.count > 0 ? [{ side, summary }] : [];
  });
  if (numbers.length > 0) {
    const of = kind === "tensor" ? "mean of each row" : name;
    return numberFigure(numbers, { name, of, time: kind === "time" });
  }
  const bars = sides.flatMap(({ side, profile }) => {
    if (profile.kind === "boolean" && profile.count > 0)
      return [{ side, shares: new Map(trueShares(profile)) }];
    return profile.kind === "text" && profile.count > 0 ? [{ side, shares: textShares(profile) }] : [];
  });
  return bars.length === 0 ? null : shareBars(name, bars);
}

interface NumberSide {
  readonly side: string;
  readonly summary: NumberSummary;
}

function numberFigure(
  sides: readonly NumberSide[],
  { name, of, time }: { readonly name: string; readonly of: string; readonly time: boolean },
): Spread {
  const distinct = new Set(sides.flatMap(({ summary }) => summary.values?.values ?? []));
  if (!time && distinct.size <= BARS && sides.every(({ summary }) => summary.values !== null))
    return valueBars(name, sides, [...distinct]);
  const low = Math.min(...sides.map(({ summary }) => quantile(summary, 0.005) ?? 0));
  const high = Math.max(...sides.map(({ summary }) => quantile(summary, 0.995) ?? 0));
  const least = Math.min(...sides.map(({ summary }) => summary.min ?? low));
  const most = Math.max(...sides.map(({ summary }) => summary.max ?? high));
  const edges = edgesOf(low, high, sides);
  const cut = least < (edges[0] ?? 0) || most > (edges.at(-1) ?? 0);
  return {
    kind: "histogram",
    title: name,
    column: name,
    x: cut ? `${of} (the outer bins hold all beyond, ${rangeText(least, most, time)})` : of,
    y: "share of values",
    edges,
    ...(time ? { time } : {}),
    series: sides.map(({ side, summary }) => ({ name: side, shares: sharesIn(summary, edges) })),
  };
}

function rangeText(least: number, most: number, time: boolean): string {
  const text = (value: number) => (time && isoTime(value)?.slice(0, 10)) || numberText(value);
  return `${text(least)} to ${text(most)}`;
}

/** Bins of one width with round edges, as wide as whole numbers need where all values are whole. */
function edgesOf(low: number, high: number, sides: readonly NumberSide[]): number[] {
  const whole = sides.every(({ summary }) => "whole" in summary && summary.whole === summary.count);
  const { step, low: start, high: end } = ticksOf(low, high > low ? high : low + 1, BINS);
  const width = whole ? Math.max(1, Math.round(step)) : step;
  const count = Math.max(1, Math.min(80, Math.ceil((end - start) / width + 1e-9)));
  return Array.from({ length: count + 1 }, (_, at) => start + at * width);
}

function sharesIn(summary: NumberSummary, edges: readonly number[]): number[] {
  const shares = new Array<number>(edges.length - 1).fill(0);
  const [start = 0, next = 1] = edges;
  let total = 0;
  for (const { value, weight } of weightedValues(summary)) {
    const bin = Math.max(0, Math.min(shares.length - 1, Math.floor((value - start) / (next - start) + 1e-9)));
    shares[bin] = (shares[bin] as number) + weight;
    total += weight;
  }
  return shares.map((share) => share / Math.max(1, total));
}

function valueBars(name: string, sides: readonly NumberSide[], distinct: readonly number[]): BarsFigure {
  const values = [...distinct].sort((a, b) => a - b);
  const series = sides.map(({ side, summary }) => ({
    name: side,
    values: values.map((value) => {
      const place = summary.values?.values.indexOf(value) ?? -1;
      return place < 0 ? 0 : (summary.values?.counts[place] ?? 0) / summary.count;
    }),
  }));
  return barsOf(name, values.map(numberText), series);
}

function trueShares({
  trues,
  count,
}: {
  readonly trues: number;
  readonly count: number;
}): [string, number][] {
  return [
    ["true", trues / count],
    ["false", 1 - trues / count],
  ];
}

function textShares({ categories, count }: TextProfile): Map<string, number> {
  return new Map(categories.texts.map((text, place) => [text, (categories.counts[place] ?? 0) / count]));
}

interface ShareSide {
  readonly side: string;
  readonly shares: ReadonlyMap<string, number>;
}

/** The texts with the largest share on either side, and all others together. */
function shareBars(name: string, sides: readonly ShareSide[]): BarsFigure {
  const greatest = new Map<string, number>();
  for (const { shares } of sides) {
    for (const [text, share] of shares) greatest.set(text, Math.max(share, greatest.get(text) ?? 0));
  }
  const shown = [...greatest]
    .sort(([, a], [, b]) => b - a)
    .slice(0, BARS)
    .map(([text]) => text);
  const others = greatest.size > shown.length;
  const categories = shown.map((text) => (text === "" ? "(empty)" : text));
  const series = sides.map(({ side, shares }) => {
    const values = shown.map((text) => shares.get(text) ?? 0);
    const rest = Math.max(0, 1 - values.reduce((sum, share) => sum + share, 0));
    return { name: side, values: others ? [...values, rest] : values };
  });
  return barsOf(name, others ? [...categories, "all others"] : categories, series);
}

function barsOf(name: string, categories: readonly string[], series: BarsFigure["series"]): BarsFigure {
  return { kind: "bars", title: name, column: name, x: "value", y: "share of values", categories, series };
}

/** A small picture of a column's spread, for a table: the reference filled, the current one as a line. */
export function sparkline(figure: Figure): string {
  const series =
    figure.kind === "histogram"
      ? figure.series.map(({ name, shares }) => ({ name, shares }))
      : figure.kind === "bars"
        ? figure.series.map(({ name, values }) => ({ name, shares: values.map((value) => value ?? 0) }))
        : [];
  const highest = Math.max(1e-9, ...series.flatMap(({ shares }) => shares));
  const paths = series.map(({ name, shares }) => {
    const width = 130 / Math.max(1, shares.length);
    const steps = shares.map(
      (share, at) => `V${(29 - (27 * share) / highest).toFixed(1)}H${((at + 1) * width).toFixed(1)}`,
    );
    return `<path class="${name === "reference" ? "a" : "b"}" d="M0 29${steps.join("")}V29"/>`;
  });
  return `<svg class="spark" viewBox="0 0 130 30" aria-hidden="true">${paths.join("")}</svg>`;
}
