/** Every code of the artifact store, and when it is thrown. */
export const artifactErrorCodes = {
  SCANFLOW_ARTIFACT_CORRUPT: "Stored content no longer has the digest it is stored under.",
  SCANFLOW_ARTIFACT_MISSING: "The store holds no artifact with that digest.",
  SCANFLOW_ARTIFACT_DIGEST: "The text is not a digest of the form sha256:<64 hexadecimal digits>.",
  SCANFLOW_ARTIFACT_KIND: "A file was expected and a folder found, or the other way round.",
  SCANFLOW_ARTIFACT_SOURCE: "There is nothing at the path that was to be published.",
  SCANFLOW_ARTIFACT_CHANGED: "A file or folder changed while it was being published.",
  SCANFLOW_ARTIFACT_LINK: "A symbolic link leaves its folder, leads nowhere, or goes in circles.",
  SCANFLOW_ARTIFACT_SPECIAL: "A pipe, socket or device stands where a file or folder was expected.",
  SCANFLOW_ARTIFACT_NAME: "A file name is not valid UTF-8.",
  SCANFLOW_ARTIFACT_RESERVED: "A file begins with the bytes that mark a folder's manifest.",
  SCANFLOW_ARTIFACT_TOO_LARGE: "The content is larger than the limit given.",
  SCANFLOW_ARTIFACT_DESTINATION: "Something already lies where the artifact was to be put.",
  SCANFLOW_ARTIFACT_ENTRY: "The folder has no such entry.",
  SCANFLOW_ARTIFACT_RANGE: "The byte range lies outside the content.",
  SCANFLOW_ARTIFACT_MANIFEST: "A folder's manifest is malformed or names a path outside the folder.",
  SCANFLOW_STORAGE_FULL: "The disk or the quota is full.",
  SCANFLOW_STORAGE_DENIED: "The operating system denies access.",
  SCANFLOW_STORAGE_FAILED: "The file system failed in another way.",
} as const;

export type ArtifactErrorCode = keyof typeof artifactErrorCodes;

/** The error of the artifact store: recognise it by `code` (packages share no classes). */
export class ArtifactError extends Error {
  readonly code: ArtifactErrorCode;

  constructor(code: ArtifactErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ArtifactError";
    this.code = code;
  }
}
