import { errorCode } from "@scanflow/core";
import { digestOf, surveyOf } from "@scanflow/tracking/artifacts";
import type { DataStatus, Dataset, DatasetStatus } from "../api/index.ts";
import type { CatalogRooms } from "./catalog-rooms.ts";
import { readDatasets } from "./catalog-rows.ts";
import { askRemote, versionsThere } from "./remote/remote.ts";
import { readSources, type Source, seenAgain } from "./sources.ts";

export interface StatusOptions {
  /** A remote to compare with: its URL, or the one used last (`null`); none when undefined. */
  readonly remote: string | null | undefined;
}

/**
 * For each dataset, whether what lies where it was added from is still its newest version, and what of it a remote
 * lacks. What looks as it did is not read again. Errors: SCANFLOW_DATA_REMOTE, and those of the object stores.
 */
export async function dataStatus(rooms: CatalogRooms, { remote }: StatusOptions): Promise<DataStatus> {
  const datasets = (await readDatasets(rooms.store)).filter(({ versions }) => versions.length > 0);
  const there =
    remote === undefined
      ? null
      : await askRemote(rooms, remote, async (objects) => ({
          url: objects.url,
          versions: await versionsThere(objects),
        }));
  const sources = await readSources(rooms);
  const told: DatasetStatus[] = [];
  for (const dataset of datasets) {
    const unpushed = dataset.versions
      .map(({ version }) => version)
      .filter((version) => !there?.versions.has(`${dataset.name}@${version}`));
    const place = await placeOf(rooms, dataset, sources.get(dataset.name));
    told.push({ ...place, unpushed: there === null ? null : unpushed.reverse() });
  }
  return { remote: there?.url ?? null, datasets: told };
}

async function placeOf(
  rooms: CatalogRooms,
  { name, versions }: Dataset,
  source: Source | undefined,
): Promise<Omit<DatasetStatus, "unpushed">> {
  const [newest] = versions;
  const told = { dataset: name, version: newest?.version ?? 0, holds: null, problem: null };
  if (source === undefined) return { ...told, path: null, state: "unplaced" };
  const { path } = source;
  try {
    const digest = await digestNow(rooms, name, source);
    // The same content may have been a version twice: the newest of them counts.
    const holds = versions.find((version) => version.digest === digest)?.version ?? null;
    return { ...told, path, holds, state: digest === newest?.digest ? "unchanged" : "changed" };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === "SCANFLOW_ARTIFACT_SOURCE") return { ...told, path, state: "gone" };
    const problem = error instanceof Error ? error.message : String(error);
    return { ...told, path, state: "unreadable", problem };
  }
}

/** What was looked at before it was read was so at the least until then: what is written meanwhile looks different. */
async function digestNow({ store }: CatalogRooms, name: string, source: Source): Promise<string> {
  const { fingerprint } = await surveyOf(source.path);
  if (fingerprint === source.fingerprint) return source.digest;
  const { digest } = await digestOf(source.path);
  await store.write([seenAgain(name, source, { ...source, digest, fingerprint })]);
  return digest;
}
