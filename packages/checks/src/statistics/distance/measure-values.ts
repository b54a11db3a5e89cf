import { needDistance, needValues } from "../need-sample.ts";
import {
  andersonDarling,
  cramerVonMises,
  energyDistance,
  ksDistance,
  labelValues,
  type ValueDistance,
  wasserstein,
} from "./value-distances.ts";

/** Distances between two samples of a number. */
export type ValueDistanceName = "wasserstein" | "energy" | "cramer-von-mises" | "anderson-darling" | "ks";

interface NamedDistance {
  readonly measure: ValueDistance;
  /** Of which power its tail falls exponentially when nothing has changed. */
  readonly power: 1 | 2;
}

const DISTANCES: Record<ValueDistanceName, NamedDistance> = {
  wasserstein: { measure: wasserstein, power: 2 },
  energy: { measure: energyDistance, power: 2 },
  "cramer-von-mises": { measure: cramerVonMises, power: 1 },
  "anderson-darling": { measure: andersonDarling, power: 1 },
  ks: { measure: ksDistance, power: 2 },
};

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID for an unknown name */
export function valueDistances(name: ValueDistanceName): NamedDistance {
  return needDistance(DISTANCES, name);
}

/**
 * How far two samples of a number lie apart.
 *
 * - `wasserstein`: ∫ |F − G|, in the unit of the values; `energy`: √(2 ∫ (F − G)²); as SciPy has them.
 * - `ks`: the largest |F − G|, 0 to 1.
 * - `cramer-von-mises`: n m / (n + m)² Σ (F − G)² over all values; SciPy's where none are tied.
 * - `anderson-darling`: A²akN of Scholz and Stephens (1987) with midranks; SciPy's `anderson_ksamp` gives it less its
 *   mean 1, divided by its standard deviation.
 *
 * @throws ChecksError SCANFLOW_SAMPLE_INVALID for an empty sample or one that holds NaN or infinity;
 * SCANFLOW_CHECK_OPTION_INVALID for an unknown name
 */
export function measureValues(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { distance }: { readonly distance: ValueDistanceName },
): number {
  const { measure } = valueDistances(distance);
  return measure(labelValues(needValues(first, "first"), needValues(second, "second")));
}
