/*
 * Where things lie in a remote. Contents stand as in an artifact store, so that any tool may copy the one to the other:
 *
 *   sha256/ab/HEX              a file
 *   folders/ab/HEX             the manifest of a folder
 *   datasets/NAME/dataset.json what is said of a dataset
 *   datasets/NAME/versions/3.json
 */

export const datasetsPrefix = "datasets/";

export function contentKey(kind: "file" | "folder", digest: string): string {
  const hex = digest.slice("sha256:".length);
  return `${kind === "file" ? "sha256" : "folders"}/${hex.slice(0, 2)}/${hex}`;
}

export function datasetKey(dataset: string): string {
  return `${datasetsPrefix}${dataset}/dataset.json`;
}

export function versionsPrefix(dataset: string): string {
  return `${datasetsPrefix}${dataset}/versions/`;
}

export function versionKey(dataset: string, version: number): string {
  return `${versionsPrefix(dataset)}${version}.json`;
}

/** The version that a key is the record of. */
export function versionOfKey(key: string): { dataset: string; version: number } | null {
  const [, dataset, version] = /^datasets\/([^/]+)\/versions\/([1-9]\d{0,9})\.json$/.exec(key) ?? [];
  return dataset === undefined ? null : { dataset, version: Number(version) };
}
