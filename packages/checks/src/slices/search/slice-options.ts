import { ChecksError } from "../../errors.ts";

/** Settings of `findWorstSlices`. */
export interface WorstSlicesOptions {
  /** Most conditions of a slice, 1 to 3; default 2. */
  readonly depth?: number;
  /** Fewest rows of a slice; default the greater of 32 and a hundredth of the rows, as SliceLine's. */
  readonly minimumSupport?: number | undefined;
  /**
   * Least effect size: the difference of mean loss between the slice and the other rows in units of its spread, as
   * SliceFinder's; default 0.2, which is called small.
   */
  readonly minimumEffect?: number;
  /** The expected share of false finds among the slices named, between 0 and 1; default 0.05. */
  readonly significance?: number;
  /** How much a slice's loss counts against its size, above 0 and up to 1; default 0.95, as SliceLine's. */
  readonly lossWeight?: number;
  /** Most slices named; default 10. */
  readonly limit?: number;
  /** From which share of rows in common on (of those in either) the lesser of two slices is left out; default 0.8. */
  readonly overlap?: number;
  /** Of the intervals; default 0.95. */
  readonly confidence?: number;
}

export type CompleteSliceOptions = Required<Omit<WorstSlicesOptions, "minimumSupport">> & {
  readonly minimumSupport: number;
};

export function completeSliceOptions(
  {
    depth = 2,
    minimumSupport,
    minimumEffect = 0.2,
    significance = 0.05,
    lossWeight = 0.95,
    limit = 10,
    overlap = 0.8,
    confidence = 0.95,
  }: WorstSlicesOptions,
  rows: number,
): CompleteSliceOptions {
  const least = minimumSupport ?? Math.max(32, Math.ceil(rows / 100));
  need("depth", depth, [1, 3]);
  need("minimumSupport", least, [2, Number.MAX_SAFE_INTEGER]);
  need("minimumEffect", minimumEffect, [0, 100]);
  need("significance", significance, [1e-300, 1]);
  need("lossWeight", lossWeight, [1e-6, 1]);
  need("limit", limit, [1, 10_000]);
  need("overlap", overlap, [0, 1]);
  need("confidence", confidence, [1e-6, 1 - 1e-12]);
  return {
    depth,
    minimumSupport: least,
    minimumEffect,
    significance,
    lossWeight,
    limit,
    overlap,
    confidence,
  };
}

function need(name: string, value: number, [low, high]: readonly [number, number]): void {
  const whole = name === "depth" || name === "limit";
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `Slices: "${name}" is ${value}: give a ${whole ? "whole " : ""}number from ${low} to ${high}.`,
  );
}
