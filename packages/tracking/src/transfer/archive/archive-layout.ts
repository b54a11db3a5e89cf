import { unsafe } from "../../archive/index.ts";

/** The format that this version writes and reads. */
export const archiveFormat = 1;

/** What is in it, the first entry. */
export const contentsPath = "contents.json";

/** Every other entry with its size and sha256, the last entry: it is known only when all is written. */
export const manifestPath = "manifest.json";

/** Of a list, in bytes. */
export const largestList = 64 * 1024 * 1024;

/** Of what was logged to one run, in bytes. */
export const largestRecord = 256 * 1024 * 1024;

export function runPath(runId: string): string {
  return `runs/${runId}.json`;
}

export function loggedModelPath(modelId: string): string {
  return `logged-models/${modelId}.json`;
}

export function blobPath(digest: string): string {
  return `files/${digest.slice("sha256:".length)}`;
}

/** What a path of an archive stands for. */
export type ArchivePart =
  | { readonly kind: "contents" | "manifest" }
  | { readonly kind: "run" | "logged-model"; readonly id: string }
  | { readonly kind: "file"; readonly sha256: string };

const id = "([a-zA-Z0-9][\\p{L}\\p{N}_-]{0,255})";
const runs = new RegExp(`^runs/${id}\\.json$`, "u");
const loggedModels = new RegExp(`^logged-models/${id}\\.json$`, "u");

/** Errors: SCANFLOW_PACK_UNSAFE for a path that an archive of experiments does not have. */
export function partOf(path: string): ArchivePart {
  if (path === contentsPath) return { kind: "contents" };
  if (path === manifestPath) return { kind: "manifest" };
  const [, runId] = runs.exec(path) ?? [];
  if (runId !== undefined) return { kind: "run", id: runId };
  const [, modelId] = loggedModels.exec(path) ?? [];
  if (modelId !== undefined) return { kind: "logged-model", id: modelId };
  const [, sha256] = /^files\/([0-9a-f]{64})$/.exec(path) ?? [];
  if (sha256 !== undefined) return { kind: "file", sha256 };
  throw unsafe(`names the path ${JSON.stringify(path)}, which does not belong into it`);
}
