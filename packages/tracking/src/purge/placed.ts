/** A version by the number of its model, which is never given again. */
export interface VersionPlace {
  readonly model: number;
  readonly version: number;
}

/** Tells versions apart as a text. */
export function versionKey({ model, version }: VersionPlace): string {
  return `${model}/${version}`;
}

/** Whether a version is one of these, or of a model that is taken whole. */
export function amongVersions(
  versions: readonly VersionPlace[],
  whole: ReadonlySet<number> = new Set(),
): (place: VersionPlace) => boolean {
  const single = new Set(versions.map(versionKey));
  return (place) => whole.has(place.model) || single.has(versionKey(place));
}

export interface PlacedRun {
  readonly run_id: string;
  readonly experiment: number;
  readonly artifact_uri: string;
}

export interface PlacedModel {
  readonly model_id: string;
  readonly experiment: number;
  readonly source_run_id: string | null;
  readonly artifact_uri: string;
}

/** What is read of a logged model that may go. */
export const placedModel =
  "SELECT model_id, experiment, source_run_id, artifact_uri FROM tracking_logged_models";
