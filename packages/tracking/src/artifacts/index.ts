export type {
  Artifact,
  ArtifactKind,
  Digest,
  EmptyFolderEntry,
  FileEntry,
  FolderEntry,
  LinkEntry,
} from "./artifact.ts";
export type { ByteRange, OpenArtifact } from "./blob-stream.ts";
export type { Copied } from "./copy-to.ts";
export { digestBytes } from "./digest.ts";
export { digestOf } from "./digest-of.ts";
export { ArtifactError, type ArtifactErrorCode, artifactErrorCodes } from "./errors.ts";
export { decodeManifest, encodeManifest } from "./manifest.ts";
export type { MaterialiseMode } from "./materialise.ts";
export { openContentStore } from "./open-content-store.ts";
export { findEntry } from "./open-entry.ts";
export { type OpenArtifactStoreOptions, openArtifactStore } from "./open-store.ts";
export type { PublishOptions } from "./publish.ts";
export type { PutOptions } from "./put.ts";
export { sharedStore } from "./shared-store.ts";
export type { ArtifactStore, ContentStore } from "./store.ts";
export { type Survey, surveyOf } from "./survey.ts";
export type { SweepOptions, Swept } from "./sweep.ts";
