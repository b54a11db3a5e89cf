import { TrackingError } from "../errors.ts";
import { containedRoot } from "../locations/root.ts";
import { versionByAlias } from "../registry/aliases.ts";
import { stages, type Version } from "../registry/model.ts";
import { latestVersions } from "../registry/stages.ts";
import { getVersion } from "../registry/versions.ts";
import type { RunContext } from "../runs/run-index.ts";
import { filesBelow, type HeldFile } from "./held-files.ts";

/** A version of a model, and what it holds. */
export interface ModelOrigin {
  readonly version: Version;
  /** sha256 of its content, where the engine registered it. */
  readonly digest: string | undefined;
  /** The files that lie where it says; none where that is not on this server. */
  readonly files: readonly HeldFile[];
}

/** By number (`3`), by alias (`@champion`), by stage (`Production`: the newest in it), or `latest`; undefined when there is none. */
export async function modelOrigin(
  context: RunContext,
  name: string,
  reference: string,
): Promise<ModelOrigin | undefined> {
  const version = await find(context, name, reference);
  if (!version) return undefined;
  const root = containedRoot(version.storageLocation);
  const [row] = await context.store.read<{ digest: string | null }>(
    `SELECT v.digest FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
      WHERE m.name = ? AND v.version = ?`,
    [name, version.version],
  );
  const files = root === undefined ? [] : await filesBelow(context, root);
  return { version, digest: row?.digest ?? undefined, files };
}

const NOT_THERE: ReadonlySet<string> = new Set(["SCANFLOW_TRACKING_MISSING", "SCANFLOW_TRACKING_INVALID"]);

async function find(context: RunContext, name: string, reference: string): Promise<Version | undefined> {
  try {
    if (reference.startsWith("@")) return await versionByAlias(context, name, reference.slice(1));
    if (reference === "latest") return await versionByAlias(context, name, reference);
    if (stages.some((stage) => stage === reference))
      return (await latestVersions(context, name, [reference]))[0];
    return await getVersion(context, name, reference);
  } catch (error) {
    // An alias that is not there is an invalid value in the protocol.
    if (error instanceof TrackingError && NOT_THERE.has(error.code)) return undefined;
    throw error;
  }
}
