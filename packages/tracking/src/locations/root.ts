/**
 * The part of an artifact URI that names a place on this server: `mlflow-artifacts:/3/ab/artifacts` gives
 * `3/ab/artifacts`. Undefined for every other scheme: such files are not ours to serve.
 */
export function containedRoot(uri: string): string | undefined {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(uri);
  if (!match) return undefined;
  const path = withoutEndSlashes(match[1] ?? "").replace(/^\/+/, "");
  return path.split("/").includes("..") ? undefined : path;
}

/** A pattern such as `/+$` would try each of a million slashes in the middle to the end of its row. */
export function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === "/") end--;
  return path.slice(0, end);
}

/** Adds segments to an artifact URI. */
export function below(uri: string, ...segments: string[]): string {
  return [withoutEndSlashes(uri), ...segments.filter((segment) => segment !== "")].join("/");
}

/** First and past-the-end path of everything below a folder, in the order of code points. */
export function rangeBelow(folder: string): [string, string] {
  return folder === "" ? ["", "\u{10ffff}"] : [`${folder}/`, `${folder}0`];
}
