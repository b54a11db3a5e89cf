import type { JsonValue } from "../json/json.ts";

interface FigureOf<Kind extends string> {
  readonly kind: Kind;
  readonly title: string;
  /** The column it belongs to, where it is about one. */
  readonly column?: string;
}

interface Axes {
  /** Name of the axis, with its unit. */
  readonly x: string;
  readonly y: string;
}

/** A bar per category and series; `low` and `high` are interval ends. */
export interface BarsFigure extends FigureOf<"bars">, Axes {
  readonly categories: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
    readonly low?: readonly (number | null)[];
    readonly high?: readonly (number | null)[];
  }[];
}

/** Shares of rows per bin. Bins are bounded by `edges`, one more than there are bins. */
export interface HistogramFigure extends FigureOf<"histogram">, Axes {
  readonly edges: readonly number[];
  /** The edges are moments in milliseconds since 1970 UTC. */
  readonly time?: boolean;
  readonly series: readonly { readonly name: string; readonly shares: readonly number[] }[];
}

/** Lines through points, such as ROC curves, partial dependence or a score over time; at most a few thousand points. */
export interface LinesFigure extends FigureOf<"lines">, Axes {
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
    /** Interval round each point. */
    readonly band?: readonly (readonly [low: number, high: number])[];
  }[];
  /** Horizontal lines, such as a threshold. */
  readonly levels?: readonly { readonly name: string; readonly y: number }[];
  /** Vertical lines, such as alarms. */
  readonly marks?: readonly { readonly name: string; readonly x: number }[];
}

/** A grid of coloured cells, such as a confusion matrix or correlations. */
export interface GridFigure extends FigureOf<"grid">, Axes {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** Values as they are, such as example rows. */
export interface TableFigure extends FigureOf<"table"> {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly JsonValue[])[];
}

/** Grey images side by side, with a signed overlay such as what each pixel contributed. */
export interface ImagesFigure extends FigureOf<"images"> {
  readonly width: number;
  readonly height: number;
  readonly images: readonly {
    readonly caption: string;
    /** Row-major, 0 is paper and 1 is ink. */
    readonly pixels: readonly number[];
    /** Row-major, any range: scaled to the largest magnitude. */
    readonly overlay?: readonly number[];
  }[];
}

/** A picture as plain JSON data: what a verdict shows beside its words. `renderFigure` draws it as SVG. */
export type Figure = BarsFigure | HistogramFigure | LinesFigure | GridFigure | TableFigure | ImagesFigure;
