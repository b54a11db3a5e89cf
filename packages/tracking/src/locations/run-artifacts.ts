import { invalid } from "../refusal.ts";
import type { RunEntry, RunIndex } from "../runs/run-index.ts";
import { explainBlocked, type LocationContext, placeAll } from "./locations.ts";
import { containedPath } from "./path.ts";

/** A stored file or folder, and where in its run it lies. */
export interface RunArtifact {
  /** Relative to the run's artifacts, such as `model` or `plots/roc.png`. */
  readonly path: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly size: number;
  readonly kind: "file" | "folder";
}

/** Lays stored content at paths of a run. The same again changes nothing. */
export async function addArtifacts(
  { store, now }: Pick<LocationContext, "store" | "now">,
  run: RunEntry,
  artifacts: readonly RunArtifact[],
): Promise<void> {
  const locations = artifacts.map((artifact) => ({ ...artifact, path: pathInRun(run, artifact.path) }));
  try {
    await store.write(placeAll(locations, now()));
  } catch (error) {
    throw explainBlocked(error);
  }
}

/** The path of a run's artifact on this server. Errors: SCANFLOW_TRACKING_INVALID. */
export function pathInRun({ root, runId, artifactUri }: RunEntry, path: string): string {
  if (root === undefined) {
    throw invalid(
      `The artifacts of run ${runId} lie at '${artifactUri}', which this server does not serve. Use the client that wrote them.`,
    );
  }
  const contained = containedPath(path);
  return contained === "" ? root : `${root}/${contained}`;
}

export async function pathOfRun(index: RunIndex, runId: string, path: string): Promise<string> {
  return pathInRun(await index.get(runId), path);
}
