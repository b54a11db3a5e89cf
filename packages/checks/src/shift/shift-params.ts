import { type ModelRoles, roleColumns } from "../answers/model-roles.ts";
import { readRoles } from "../answers/read-roles.ts";
import type { CheckContext } from "../checker/checker.ts";
import { checkerParams } from "../checker/checker-params.ts";
import { DETECTOR_KINDS, type DetectorKind } from "../detector/detector.ts";

/** Settings of the checker `shift`. */
export interface ShiftParams {
  /** What the model said; null when no column of it is named. */
  readonly answers: ModelRoles | null;
  /** Columns that are answers, labels or weights: no data to look at. */
  readonly notData: readonly string[];
  /** Which columns to look at; null for all others of the reference. */
  readonly columns: readonly string[] | null;
  /** Path of a saved detector. */
  readonly detector: string | null;
  /** Which detector to fit to half of the reference; null to fit one to images and tensors only. */
  readonly kind: DetectorKind | "none" | null;
  readonly image: readonly number[] | null;
  readonly significance: number;
  readonly minimumEffect: number;
  readonly minimumSample: number;
  /** Windows drawn from the reference. */
  readonly simulations: number;
}

const KINDS = [...DETECTOR_KINDS, "none"] as const;

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param */
export function readShiftParams(context: Pick<CheckContext, "name" | "params">): ShiftParams {
  const params = checkerParams(context, "Correct it, or leave it out for the default.");
  const { read } = params;
  const roles = readRoles(params);
  const answers = { ...roles, label: undefined, weight: undefined };
  const kind = params.given("kind");
  const simulations = params.whole("simulations", 1_000, [100, 10_000]);
  const significance = params.number("significance", 0.05, [0, 0.5]);
  if (significance * simulations < 5) {
    read.fail("significance", significance, `${5 / simulations} or more with ${simulations} simulations`);
  }
  const settings: ShiftParams = {
    answers: roleColumns(answers).length === 0 ? null : answers,
    notData: roleColumns(roles),
    columns: params.texts("columns") ?? null,
    detector: params.text("detector") ?? null,
    kind: kind === undefined ? null : read.oneOf(KINDS, kind, "kind"),
    image: params.wholes("image") ?? null,
    significance,
    minimumEffect: params.number("minimumEffect", 0.1, [0, 1]),
    minimumSample: Math.max(2, params.whole("minimumSample", 10, [0, 1e9])),
    simulations,
  };
  params.refuseOthers();
  return settings;
}
