/**
 * A uniform sample of whole rows, without replacement; all rows, when there are no more than `limit`. A row is kept
 * when the seeded hash of its index in the data is among the least, so samples of parts join to that of the whole.
 */
export interface RowSample {
  readonly limit: number;
  /** The index in the data of each kept row, by rising hash: the first m are a uniform sample of m rows as well. */
  readonly rows: readonly number[];
  /** In the profile's order. `sampleBatch` gives them as a batch. */
  readonly columns: readonly SampleColumn[];
}

/** What JSON has no number for. */
export type SpecialNumber = "NaN" | "Infinity" | "-Infinity";

/** The values of one column in the kept rows; null where one is missing. */
export type SampleColumn =
  | {
      readonly kind: "number";
      readonly name: string;
      readonly integer: boolean;
      readonly values: readonly (number | SpecialNumber | null)[];
    }
  | {
      readonly kind: "time";
      readonly name: string;
      readonly values: readonly (number | SpecialNumber | null)[];
    }
  | { readonly kind: "boolean"; readonly name: string; readonly values: readonly (boolean | null)[] }
  | { readonly kind: "text"; readonly name: string; readonly values: readonly (string | null)[] }
  | {
      readonly kind: "tensor";
      readonly name: string;
      readonly shape: readonly number[];
      /** One array a row, of the first kept rows only: as many as make up 250,000 numbers. */
      readonly values: readonly (readonly (number | SpecialNumber)[] | null)[];
    };
