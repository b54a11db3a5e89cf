import type { ModelRoles } from "../../answers/model-roles.ts";
import type { Metric } from "../../performance/performance-report.ts";

interface TestOf<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
}

/** A figure of the model, on all rows or on those that fit, must keep its limits. */
export interface MetricTest extends TestOf<"metric"> {
  readonly metric: Metric;
  readonly min: number | null;
  readonly max: number | null;
  /**
   * Which rows: each column must have one of the texts (null: be missing), or lie from `from` (with it) to `to` (without
   * it).
   */
  readonly where: readonly RowCondition[];
  readonly minimumSample: number;
  /** Whether the whole interval must lie within the limits, not only the figure. */
  readonly confident: boolean;
}

export type RowCondition =
  | { readonly column: string; readonly texts: readonly (string | null)[] }
  | { readonly column: string; readonly from: number; readonly to: number };

/** The predictions may change for no more than a share of the rows when a column is changed. */
export interface InvarianceTest extends TestOf<"invariance"> {
  readonly column: string;
  /** To each of these values in turn, or by adding a number. */
  readonly change: { readonly to: readonly (string | number)[] } | { readonly add: number };
  readonly max: number;
  readonly rows: number;
  /** Of a regression: by how much a prediction may differ and still be the same. */
  readonly tolerance: number;
}

/** The predictor must answer within a time. */
export interface LatencyTest extends TestOf<"latency"> {
  readonly rows: number;
  readonly times: number;
  readonly p95Ms: number;
}

export type ModelTest = MetricTest | InvarianceTest | LatencyTest;

/** A file of tests that a model must pass. */
export interface ModelTests {
  readonly roles: ModelRoles;
  /** What predicts where the data have no predictions: a command or a module, as the host opens it. */
  readonly predictor: string | null;
  readonly tests: readonly ModelTest[];
}
