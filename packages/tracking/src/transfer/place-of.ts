import { below, containedRoot } from "../locations/root.ts";

/** Whether files lie with the source, to be copied; clients read others where they are, such as in S3. */
export function isLocal(uri: string): boolean {
  return (
    containedRoot(uri) !== undefined ||
    /^file:/i.test(uri) ||
    (uri !== "" && !/^[a-z][a-z0-9+.-]+:/i.test(uri))
  );
}

/** Where artifacts that are copied lie afterwards. */
export function ownPlace(experimentId: string, ...segments: string[]): string {
  return below(`mlflow-artifacts:/${experimentId}`, ...segments, "artifacts");
}

/** Where artifacts of the source lie here, by their roots. */
export class MovedPlaces {
  readonly #moved = new Map<string, string>();

  add(from: string, to: string): void {
    if (from !== "" && from !== to) this.#moved.set(normal(from), to);
  }

  /** The place here of a root or of something below one; anything else stays as it is. */
  translate(uri: string): string {
    const asked = normal(uri);
    for (let root = asked; root.includes("/"); root = root.slice(0, root.lastIndexOf("/"))) {
      const to = this.#moved.get(root);
      if (to !== undefined) return below(to, asked.slice(root.length + 1));
    }
    return uri;
  }
}

/** A path and its `file:` URI are one place. */
function normal(uri: string): string {
  return uri.replace(/^file:(\/\/[^/]*)?(?=\/)/i, "").replace(/\/+$/, "");
}
