import type { JsonObject } from "../../json/json.ts";
import { createJsonReader } from "../../json/json-reader.ts";
import { DETECTOR_KINDS, type DetectorKind } from "../detector.ts";
import { SCANFLOW_2021 } from "../preset/scanflow-2021.ts";

/** Settings of the checker `detector`. */
export interface DetectorParams {
  /** Path of a saved detector; without it one is fitted to the reference. */
  readonly detector: string | null;
  readonly kind: DetectorKind | typeof SCANFLOW_2021;
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

const KINDS = [...DETECTOR_KINDS, SCANFLOW_2021] as const;
const read = createJsonReader(
  "SCANFLOW_CHECK_OPTION_INVALID",
  "Params of detector",
  "Correct it, or leave it out for the default.",
);

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param */
export function readDetectorParams(params: JsonObject): DetectorParams {
  const { kind = "autoencoder", columns, image, detector, id } = params;
  const texts = (value: unknown, path: string) =>
    read.list(value, path).map((one, at) => read.text(one, `${path}[${at}]`));
  return {
    detector: detector === undefined ? null : read.text(detector, "detector"),
    kind: read.oneOf(KINDS, kind, "kind"),
    columns: columns === undefined ? null : texts(columns, "columns"),
    image:
      image === undefined
        ? null
        : read.list(image, "image").map((one, at) => read.whole(one, `image[${at}]`)),
    threshold: share(params.threshold, "threshold", 0.95),
    significance: share(params.significance, "significance", 0.05),
    minimumEffect: share(params.minimumEffect, "minimumEffect", 0.05),
    minimumSample: params.minimumSample === undefined ? 1 : read.whole(params.minimumSample, "minimumSample"),
    worst: params.worst === undefined ? 8 : read.whole(params.worst, "worst"),
    id: id === undefined ? null : read.text(id, "id"),
  };
}

function share(value: unknown, path: string, otherwise: number): number {
  if (value === undefined) return otherwise;
  const number = read.finite(value, path);
  return number > 0 && number < 1 ? number : read.fail(path, value, "between 0 and 1");
}
