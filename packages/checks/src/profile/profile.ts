import type { ColumnProfile } from "./column-profile.ts";
import type { RowSample } from "./row-sample.ts";
import type { Segmentation } from "./segmentation.ts";

/**
 * What is kept of a table, so that later windows can be judged without it: per column what is there, how it is
 * spread and how many differ, and a random sample of whole rows. Plain JSON data: save it with `JSON.stringify`, read
 * it with `parseProfile`, join the profiles of parts with `mergeProfiles`.
 */
export interface Profile {
  readonly format: "scanflow-profile";
  readonly version: 2;
  /** Of the row sample and the sketches. */
  readonly seed: number;
  readonly rows: number;
  /** Which rows of the data were profiled, `[from, to)`, rising and apart: parts say which, so that none counts twice. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  /** In the data's order, with distinct names. */
  readonly columns: readonly ColumnProfile[];
  readonly sample: RowSample;
  /** The same columns summed up by the values of one column, or by time. */
  readonly segmentations: readonly Segmentation[];
}
