import type { Profile } from "./profile.ts";

/**
 * The profile of those of these columns that there are, as if the data had no others: segments by another column are
 * left out.
 */
export function pickColumns(profile: Profile, names: readonly string[]): Profile {
  const pick = <Column extends { readonly name: string }>(columns: readonly Column[]) =>
    columns.filter(({ name }) => names.includes(name));
  return {
    ...profile,
    columns: pick(profile.columns),
    sample: { ...profile.sample, columns: pick(profile.sample.columns) },
    segmentations: profile.segmentations
      .filter(({ column }) => names.includes(column))
      .map(({ segments, ...segmentation }) => ({
        ...segmentation,
        segments: segments.map((segment) => ({ ...segment, columns: pick(segment.columns) })),
      })),
  };
}
