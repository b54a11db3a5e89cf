import type { ColumnProfile } from "../profile/column-profile.ts";
import type { CountDistance } from "../statistics/distance/count-distances.ts";
import * as counted from "../statistics/distance/count-distances.ts";
import type { ValueDistance } from "../statistics/distance/value-distances.ts";
import * as valued from "../statistics/distance/value-distances.ts";

/** How `checkDrift` can compare a column; see the guide "Compare distributions" for which to take. */
export type DriftTest =
  | "ks"
  | "cramer-von-mises"
  | "anderson-darling"
  | "wasserstein"
  | "energy"
  | "chi-square"
  | "g"
  | "psi"
  | "jensen-shannon"
  | "kullback-leibler"
  | "hellinger"
  | "total-variation"
  | "l-infinity";

type ColumnKind = ColumnProfile["kind"];

/** What a test measures, and what of it counts as an effect. */
export interface TestTraits {
  /** On counts in common bins; null where only values will do. */
  readonly counts: CountDistance | null;
  /** On the values themselves; null where they are counted first. */
  readonly values: ValueDistance | null;
  /** Only where there is an order: numbers and times. */
  readonly ordered: boolean;
  /** See `SimulationOptions`. */
  readonly power: 1 | 2;
  /** The effect, if it is not the statistic itself. */
  readonly effect: { readonly counts: CountDistance; readonly values: ValueDistance | null } | null;
  /** What the effect is called. */
  readonly effectName: string;
}

const byD = { counts: counted.binnedKs, values: valued.ksDistance };
const byShare = { counts: counted.totalVariation, values: null };

const onCounts = { values: null, ordered: false, effect: null } as const;
const onValues = { counts: null, ordered: true } as const;

/** Every test by its name. */
export const DRIFT_TESTS: Readonly<Record<DriftTest, TestTraits>> = {
  ks: { ...onValues, ...byD, effect: null, power: 2, effectName: "D" },
  "cramer-von-mises": {
    ...onValues,
    counts: counted.binnedCramerVonMises,
    values: valued.cramerVonMises,
    effect: byD,
    power: 1,
    effectName: "D",
  },
  "anderson-darling": { ...onValues, values: valued.andersonDarling, effect: byD, power: 1, effectName: "D" },
  wasserstein: {
    ...onValues,
    values: valued.wasserstein,
    effect: null,
    power: 2,
    effectName: "distance in standard deviations",
  },
  energy: {
    ...onValues,
    values: valued.energyDistance,
    effect: null,
    power: 2,
    effectName: "energy distance of standardised values",
  },
  "chi-square": {
    ...onCounts,
    counts: counted.chiSquare,
    effect: byShare,
    power: 1,
    effectName: "total variation",
  },
  g: { ...onCounts, counts: counted.gStatistic, effect: byShare, power: 1, effectName: "total variation" },
  psi: { ...onCounts, counts: counted.populationStability, power: 1, effectName: "PSI" },
  "jensen-shannon": { ...onCounts, counts: counted.jensenShannon, power: 2, effectName: "distance" },
  "kullback-leibler": { ...onCounts, counts: counted.kullbackLeibler, power: 1, effectName: "divergence" },
  hellinger: { ...onCounts, counts: counted.hellinger, power: 2, effectName: "distance" },
  "total-variation": { ...onCounts, counts: counted.totalVariation, power: 2, effectName: "total variation" },
  "l-infinity": { ...onCounts, counts: counted.lInfinity, power: 2, effectName: "largest change of a share" },
};

/** Whether columns of a kind have the order and the values that a test asks for. */
export function suits(test: DriftTest, kind: ColumnKind): boolean {
  if (kind === "number" || kind === "time") return true;
  const { ordered, counts } = DRIFT_TESTS[test];
  return counts !== null && (!ordered || kind === "tensor");
}

/** The test of a column that nobody chose one for. */
export function automaticTest(kind: ColumnKind): DriftTest {
  return kind === "text" || kind === "boolean" ? "chi-square" : "ks";
}
