import type { Profile } from "./profile.ts";

/** The profile of those of these columns that there are, without segments. */
export function pickColumns(profile: Profile, names: readonly string[]): Profile {
  const isPicked = ({ name }: { readonly name: string }) => names.includes(name);
  return {
    ...profile,
    columns: profile.columns.filter(isPicked),
    sample: { ...profile.sample, columns: profile.sample.columns.filter(isPicked) },
    segmentations: [],
  };
}
