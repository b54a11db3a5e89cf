import { type Wanted, wantedOf } from "./blob.ts";
import { copyTo } from "./copy-to.ts";
import { hexOf } from "./digest.ts";
import { readEntries } from "./folder.ts";
import { hasArtifact, statArtifact, verifyArtifact } from "./inspect.ts";
import { materialise } from "./materialise.ts";
import { openEntry, openFile } from "./open-entry.ts";
import { publish, putFolder } from "./publish.ts";
import { put, renewFile } from "./put.ts";
import type { ArtifactStore } from "./store.ts";
import { openStoreFolder } from "./store-folder.ts";
import { sweep } from "./sweep.ts";
import { withCodedErrors } from "./system-error.ts";

export type OpenArtifactStoreOptions = {
  /** The folder of the store; made if it is not there. */
  readonly root: string;
  /**
   * What is published is on the disk, not only in the system's cache, before its digest is given: it outlives a
   * power cut. Costs one flush a file. Without it, what a power cut damages is found when it is read.
   */
  readonly durable?: boolean;
};

/**
 * Opens the artifact store in a folder, and clears what processes that ended have left half-written there.
 *
 * ```ts
 * import { openArtifactStore } from "@scanflow/tracking/artifacts";
 *
 * const store = await openArtifactStore({ root: ".scanflow/artifacts" });
 * const model = await store.publish("out/model", { expect: "folder" });
 * await store.materialise(model.digest, "in/model");
 * ```
 */
export async function openArtifactStore({
  root,
  durable = true,
}: OpenArtifactStoreOptions): Promise<ArtifactStore> {
  const store = await withCodedErrors(`open the artifact store ${root}`, () =>
    openStoreFolder(root, durable),
  );

  const leave = store.incoming.use();

  /** Pins what is read while it is read. */
  async function reading<T>(
    action: string,
    digest: string,
    work: (wanted: Wanted) => Promise<T>,
  ): Promise<T> {
    const wanted = wantedOf(digest);
    const release = store.pins.pin(wanted.hex);
    try {
      return await withCodedErrors(action, () => work(wanted));
    } finally {
      release();
    }
  }

  const artifacts: ArtifactStore = {
    root: store.root,
    publish: (path, options) => withCodedErrors(`publish ${path}`, () => publish(store, path, options)),
    put: (source, options) => withCodedErrors("store a stream", () => put(store, source, options)),
    putFolder: (entries) => withCodedErrors("store a folder", () => putFolder(store, entries)),
    renew: (digest, size) => withCodedErrors(`renew ${digest}`, () => renewFile(store, digest, size)),
    materialise: (digest, destination, options) =>
      reading(`put ${digest} at ${destination}`, digest, (wanted) =>
        materialise(store, wanted, destination, options),
      ),
    open: (digest, range) => reading(`open ${digest}`, digest, (wanted) => openFile(store, wanted, range)),
    entries: (digest) => reading(`read ${digest}`, digest, (wanted) => readEntries(store, wanted)),
    openEntry: (digest, path, range) =>
      reading(`open ${path} of ${digest}`, digest, (wanted) => openEntry(store, wanted, { path, ...range })),
    has: (digest) => reading(`look for ${digest}`, digest, (wanted) => hasArtifact(store, wanted)),
    stat: (digest) => reading(`look for ${digest}`, digest, (wanted) => statArtifact(store, wanted)),
    verify: (digest) => reading(`verify ${digest}`, digest, (wanted) => verifyArtifact(store, wanted)),
    pin: (digest) => store.pins.pin(hexOf(digest)),
    sweep: (options) => withCodedErrors(`sweep ${store.root}`, () => sweep(store, options)),
    copyTo: (other, digests) => copyTo(artifacts, other, digests),
    close: leave,
  };
  return artifacts;
}
