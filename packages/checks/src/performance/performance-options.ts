import { ChecksError } from "../errors.ts";

/** Settings of `measurePerformance` and `createPerformanceMeter`. */
export interface PerformanceOptions {
  /** Of the bootstrap; a whole number, default 1. */
  readonly seed?: number;
  /** Of the intervals, between 0 and 1; default 0.95. */
  readonly confidence?: number;
  /** Up to how many rows intervals without a formula are bootstrapped; above, the delta method. Default 2,000. */
  readonly bootstrapRows?: number;
  /**
   * How many scores are kept one by one, over all classes, 1,000 or more; beyond, they are counted in 4,096 bins, and
   * `rocAucError` says how far the area may be off. Default 2,000,000.
   */
  readonly exactScores?: number;
}

export function completePerformanceOptions({
  seed = 1,
  confidence = 0.95,
  bootstrapRows = 2_000,
  exactScores = 2_000_000,
}: PerformanceOptions): Required<PerformanceOptions> {
  if (!(confidence > 0 && confidence < 1)) fail("confidence", confidence, "a number between 0 and 1");
  if (!Number.isSafeInteger(seed)) fail("seed", seed, "a whole number");
  if (!(bootstrapRows >= 0)) fail("bootstrapRows", bootstrapRows, "a number from 0 on");
  if (!(exactScores >= 1_000)) fail("exactScores", exactScores, "a number from 1,000 on");
  return { seed, confidence, bootstrapRows, exactScores };
}

function fail(name: string, value: number, wanted: string): never {
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `Performance: "${name}" is ${value}: give ${wanted}.`,
  );
}
