import { findFile, type LocationContext, type StoredFile } from "../locations/locations.ts";
import { containedRoot } from "../locations/root.ts";
import type { Statement } from "../store/index.ts";
import { readModelFile } from "./read-model-file.ts";

const mostBytes = 8 * 1024 * 1024;

/** What a version takes and gives, as its file MLmodel said when it was registered; what it did not say is absent. */
export interface Signature {
  /** Columns or tensors, in the words of the MLmodel format. */
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly params?: unknown;
  /** Where an example of the input lies in the model, and what form it has. */
  readonly inputExample?: unknown;
  /** Names of the flavors in which it can be loaded, such as `python_function`. */
  readonly flavors: readonly string[];
}

/** Reads the file MLmodel of a model on this server; undefined when there is none, or none that can be read. */
export async function readSignature(
  context: LocationContext,
  location: string,
): Promise<Signature | undefined> {
  const root = containedRoot(location);
  if (root === undefined) return undefined;
  const path = root === "" ? "MLmodel" : `${root}/MLmodel`;
  const found = await findModelFile(context, path);
  if (found === undefined || found.size > mostBytes) return undefined;
  const { stream } = await context.artifacts.open(found.digest);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return readModelFile(Buffer.concat(chunks).toString("utf8"));
}

const notThere: ReadonlySet<unknown> = new Set([
  "SCANFLOW_TRACKING_MISSING",
  "SCANFLOW_ARTIFACT_MISSING",
  "SCANFLOW_ARTIFACT_ENTRY",
]);

async function findModelFile(context: LocationContext, path: string): Promise<StoredFile | undefined> {
  try {
    return await findFile(context, path);
  } catch (error) {
    if (notThere.has((error as { code?: unknown }).code)) return undefined;
    throw error;
  }
}

/** Behind the making of a model's newest version from this place: keeps its signature, whatever becomes of its files. */
export function keepSignature(
  { name, location }: { name: string; location: string },
  signature: Signature | undefined,
): Statement[] {
  if (signature === undefined) return [];
  return [
    {
      sql: `INSERT INTO registry_signatures (model, version, document)
        SELECT v.model, v.version, CAST(? AS TEXT) FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
        WHERE m.name = ? AND v.storage_location = ?
          AND v.version = (SELECT MAX(n.version) FROM tracking_versions n WHERE n.model = m.id)
        ON CONFLICT (model, version) DO NOTHING`,
      params: [JSON.stringify(signature), name, location],
    },
  ];
}
