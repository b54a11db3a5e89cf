/** Every code of archives, and when it is thrown. */
export const archiveErrorCodes = {
  SCANFLOW_PACK_DAMAGED: "An archive is cut off, or its content is not what it says.",
  SCANFLOW_PACK_FORMAT: "A file is no archive of Scanflow, or one of a newer format.",
  SCANFLOW_PACK_UNSAFE: "An archive holds a link, a device, or a path that leaves its folder.",
} as const;

export type ArchiveErrorCode = keyof typeof archiveErrorCodes;

/** An error of reading an archive: recognise it by `code`. */
export class ArchiveError extends Error {
  readonly code: ArchiveErrorCode;

  constructor(code: ArchiveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ArchiveError";
    this.code = code;
  }
}
