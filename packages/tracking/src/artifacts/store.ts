import type { Artifact, FileEntry, FolderEntry } from "./artifact.ts";
import type { ByteRange, OpenArtifact } from "./blob-stream.ts";
import type { Copied } from "./copy-to.ts";
import type { MaterialiseOptions } from "./materialise.ts";
import type { PublishOptions } from "./publish.ts";
import type { PutOptions } from "./put.ts";
import type { SweepOptions, Swept } from "./sweep.ts";

/**
 * Files and folders under the sha256 of their content, in a folder or in S3. What is stored appears whole or not
 * at all, whatever happens to the process; what is read whole is checked against its digest.
 *
 * Every method that takes a digest may throw `SCANFLOW_ARTIFACT_DIGEST` (malformed) and, unless it says
 * otherwise, `SCANFLOW_ARTIFACT_MISSING`; every method that reads content `SCANFLOW_ARTIFACT_CORRUPT`: `has` says
 * no then, so that the next run makes it anew. Trouble with the disk is `SCANFLOW_STORAGE_FULL`, `_DENIED` or
 * `_FAILED`; with S3, one of the `SCANFLOW_OBJECT_…` codes.
 */
export type ContentStore = {
  /** Stores a stream as a file, no faster than it is written. `SCANFLOW_ARTIFACT_TOO_LARGE` past `limitBytes`. */
  put(source: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<Artifact>;

  /** Stores a folder whose files are in the store already, each in the size its entry says. */
  putFolder(entries: readonly FolderEntry[]): Promise<Artifact>;

  /** Counts a stored file of this size as put just now, for every sweep; false: it has to be put. */
  renew(digest: string, size: number): Promise<boolean>;

  /**
   * Streams a file or a part of it (`SCANFLOW_ARTIFACT_RANGE`). Read the stream or destroy it: it holds an open
   * file, or a connection. Parts in S3 are given as S3 has them, without a look at the rest.
   */
  open(digest: string, range?: ByteRange): Promise<OpenArtifact>;

  /** What a folder holds, in the order of the paths' bytes. `SCANFLOW_ARTIFACT_KIND` if it is a file. */
  entries(digest: string): Promise<readonly FolderEntry[]>;

  /** As `open`, for the file at `path` in a folder; links are followed. `SCANFLOW_ARTIFACT_ENTRY` if none is. */
  openEntry(digest: string, path: string, range?: ByteRange): Promise<OpenArtifact & { entry: FileEntry }>;

  /** Whether an artifact is there with everything that belongs to it. Files are not read. */
  has(digest: string): Promise<boolean>;

  /** Kind and size, or undefined if it is not there. */
  stat(digest: string): Promise<Artifact | undefined>;

  /** Reads everything that belongs to an artifact and checks it. */
  verify(digest: string): Promise<Artifact>;

  /**
   * Keeps an artifact from being swept until the returned function is called. Pin what a run has published or
   * is about to read, until the run that refers to it is recorded. Holds for all stores opened on this place in
   * this thread.
   */
  pin(digest: string): () => void;

  /**
   * Removes what is not live and older than the grace period. What is pinned, or was published since the sweep
   * began, stays. Nothing is removed if `live` throws, names something that is not a digest, or if the manifest
   * of a folder that stays is damaged.
   */
  sweep(options: SweepOptions): Promise<Swept>;

  /** Copies artifacts into another store, checked on the way; those that are there already are left alone. */
  copyTo(other: ContentStore, digests: AsyncIterable<string> | Iterable<string>): Promise<Copied>;

  /** Lets go of connections, if there are any. */
  close(): Promise<void>;
};

/**
 * A content store in a folder of this machine: files move in and out by renaming, cloning and linking. Damaged
 * files are set aside in its folder `quarantine`.
 */
export type ArtifactStore = ContentStore & {
  /** The folder that holds the store, absolute. */
  readonly root: string;

  /**
   * Stores the file or folder at `path`, which must not change meanwhile (`SCANFLOW_ARTIFACT_CHANGED`). With
   * `move` it is renamed where possible and gone from `path` after. Empty folders, symbolic links inside the
   * folder and the executable bits of a folder's files are kept; times, owners and other modes are not. Throws
   * `SCANFLOW_ARTIFACT_SOURCE`, `_KIND`, `_LINK`, `_SPECIAL`, `_NAME` and `_RESERVED` for what cannot be stored.
   */
  publish(path: string, options?: PublishOptions): Promise<Artifact>;

  /**
   * Puts the file or folder at `destination`, which must not exist (`SCANFLOW_ARTIFACT_DESTINATION`); folders
   * above it are made. It appears there whole and checked, or not at all.
   */
  materialise(digest: string, destination: string, options?: MaterialiseOptions): Promise<Artifact>;
};
