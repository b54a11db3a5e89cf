import type { Artifact } from "./artifact.ts";
import { gatherChunks } from "./content.ts";
import { hexOf } from "./digest.ts";
import { ArtifactError } from "./errors.ts";
import { publishing } from "./publication.ts";
import type { StoreFolder } from "./store-folder.ts";

export type PutOptions = {
  /** Refuse more than this many bytes (`SCANFLOW_ARTIFACT_TOO_LARGE`). */
  readonly limitBytes?: number;
};

/** The same content, refused with `SCANFLOW_ARTIFACT_TOO_LARGE` once it is longer than the limit. */
export async function* limited(
  source: AsyncIterable<Uint8Array | string>,
  limitBytes: number,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of source) {
    const chunk = typeof piece === "string" ? Buffer.from(piece) : piece;
    size += chunk.length;
    if (size > limitBytes) {
      throw new ArtifactError(
        "SCANFLOW_ARTIFACT_TOO_LARGE",
        `The content is larger than the limit of ${limitBytes} bytes. Send less, or raise the limit.`,
      );
    }
    yield chunk;
  }
}

/** See `ContentStore.renew`. */
export function renewFile(store: StoreFolder, digest: string, size: number): Promise<boolean> {
  return publishing(store, (publication) => publication.renew(hexOf(digest), size));
}

/** See `ContentStore.put`. */
export async function put(
  store: StoreFolder,
  source: AsyncIterable<Uint8Array>,
  { limitBytes = Number.POSITIVE_INFINITY }: PutOptions = {},
): Promise<Artifact> {
  return publishing(store, async (publication) => {
    const draft = await publication.draft(gatherChunks(limited(source, limitBytes)));
    await publication.keep(draft);
    return { digest: `sha256:${draft.hex}`, size: draft.size, kind: "file" };
  });
}
