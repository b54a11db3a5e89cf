import { needCount } from "./need-sample.ts";

/** How many of the rows of a sample have a property. */
export interface Share {
  readonly hits: number;
  /** At least `hits`. */
  readonly rows: number;
}

/** @throws ChecksError SCANFLOW_SAMPLE_INVALID */
export function needShare({ hits, rows }: Share, name: string): void {
  needCount(rows - 1, `One less than the rows of the ${name} sample`);
  needCount(hits, `The hits of the ${name} sample`);
  needCount(rows - hits, `The rows of the ${name} sample that are no hits`);
}
