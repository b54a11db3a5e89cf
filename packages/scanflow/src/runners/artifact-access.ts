import type { ArtifactStore } from "@scanflow/tracking/artifacts";

/** What a runner needs of the artifact store. */
export type ArtifactAccess = Pick<ArtifactStore, "publish" | "materialise">;
