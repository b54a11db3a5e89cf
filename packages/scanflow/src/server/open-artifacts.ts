import {
  type ArtifactStore,
  openArtifactStore,
  openContentStore,
  sharedStore,
} from "@scanflow/tracking/artifacts";

/**
 * The artifact store in the owner's folder. What it holds is also kept where `SCANFLOW_ARTIFACTS` says, such as
 * `s3://BUCKET/PREFIX`: there the trackers find it that run elsewhere, and an owner whose folder was lost. Errors:
 * SCANFLOW_OBJECT_… and SCANFLOW_STORAGE_….
 */
export async function openArtifacts(
  root: string,
  { SCANFLOW_ARTIFACTS: place }: NodeJS.ProcessEnv,
): Promise<ArtifactStore> {
  const own = await openArtifactStore({ root });
  if (!place) return own;
  try {
    return sharedStore(own, await openContentStore(place));
  } catch (error) {
    await own.close();
    throw error;
  }
}
