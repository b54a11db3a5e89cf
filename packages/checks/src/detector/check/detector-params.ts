import type { CheckContext } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { DETECTOR_KINDS, type DetectorKind } from "../detector.ts";
import type { Architecture } from "../kind/architecture.ts";
import { SCANFLOW_2021 } from "../preset/scanflow-2021.ts";
import { readArchitecture } from "./read-architecture.ts";

/** Settings of the checker `detector`. */
export interface DetectorParams {
  /** Path of a saved detector; without it one is fitted to the reference. */
  readonly detector: string | null;
  readonly kind: DetectorKind | typeof SCANFLOW_2021;
  /** Of the kind `autoencoder`; null for the usual one. */
  readonly architecture: Architecture | null;
  /** Steps of its training; null for the usual number. */
  readonly steps: number | null;
  readonly columns: readonly string[] | null;
  readonly image: readonly number[] | null;
  readonly threshold: number;
  readonly significance: number;
  readonly minimumEffect: number;
  readonly minimumSample: number;
  /** How many of the most unusual rows are shown. */
  readonly worst: number;
  /** Column whose values name the rows in the evidence. */
  readonly id: string | null;
}

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param */
export function readDetectorParams(context: Pick<CheckContext, "name" | "params">): DetectorParams {
  const params = checkerParams(context, "Correct it, or leave it out for the default.");
  const { read } = params;
  const threshold = params.number("threshold", 0.95, [0, 1]);
  if (threshold === 0 || threshold === 1) read.fail("threshold", threshold, "between 0 and 1");
  const architecture = params.given("architecture");
  const settings: DetectorParams = {
    detector: params.text("detector") ?? null,
    kind: params.choice("kind", [...DETECTOR_KINDS, SCANFLOW_2021], "autoencoder"),
    architecture: architecture === undefined ? null : readArchitecture(read, architecture),
    steps: params.given("steps") === undefined ? null : params.whole("steps", 1, [1, 1e6]),
    columns: params.texts("columns") ?? null,
    image: params.wholes("image") ?? null,
    threshold,
    significance: params.number("significance", 0.05, [0, 1]),
    minimumEffect: params.number("minimumEffect", 0.05, [0, 1]),
    minimumSample: Math.max(1, params.whole("minimumSample", 1, [0, 1e9])),
    worst: params.whole("worst", 8, [0, 1e9]),
    id: params.text("id") ?? null,
  };
  params.refuseOthers();
  return settings;
}
