/** How an interval was found. */
export type IntervalMethod =
  | "wilson"
  | "delong"
  | "newcombe"
  | "bootstrap"
  | "delta"
  | "order-statistics"
  | "rule-of-three";

/** A figure with its interval: in a share `confidence` of repetitions it holds the true one. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The spread that sampling gives the value: what two windows are compared by. Above 0, unless nothing varies. */
  readonly standardError: number;
  readonly method: IntervalMethod;
}
