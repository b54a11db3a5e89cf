/** What a classifier said of some rows, and what was true. */
export interface ClassAnswers {
  readonly task: "classification";
  readonly rows: number;
  /** Names of the classes, in rising order (numbers by size). */
  readonly classes: readonly string[];
  /** The class that is looked for, an index into `classes`; null when there are more than two and none was named. */
  readonly positive: number | null;
  /** By row, an index into `classes`; -1 where it is not known. */
  readonly labels: Int32Array;
  readonly predictions: Int32Array;
  /** By class, then by row; null when the model gave none. */
  readonly probabilities: readonly Float64Array[] | null;
  /** By row; null when all count 1. */
  readonly weights: Float64Array | null;
  /** By row: which row of the table it was. */
  readonly sources: Int32Array;
  /** Rows that were left out, since a prediction, a probability or a weight was missing. */
  readonly leftOut: number;
}

/** What a regression model said of some rows, and what was true. */
export interface ValueAnswers {
  readonly task: "regression";
  readonly rows: number;
  /** NaN where it is not known. */
  readonly labels: Float64Array;
  readonly predictions: Float64Array;
  readonly weights: Float64Array | null;
  /** By row: which row of the table it was. */
  readonly sources: Int32Array;
  readonly leftOut: number;
}

/** What a model answered, with what was true: classes or values. */
export type Answers = ClassAnswers | ValueAnswers;
