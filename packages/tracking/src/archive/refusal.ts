import { ArchiveError } from "./errors.ts";

/** Says that an archive is cut off or altered, and why: SCANFLOW_PACK_DAMAGED. */
export function damaged(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    "SCANFLOW_PACK_DAMAGED",
    `The archive is damaged: ${why}. Nothing of it was taken; copy it again, or make it anew.`,
    { cause },
  );
}

/** Says that an archive does what it must not; `what` is a verb and its object: SCANFLOW_PACK_UNSAFE. */
export function unsafe(what: string): ArchiveError {
  return new ArchiveError(
    "SCANFLOW_PACK_UNSAFE",
    `The archive ${what}. Nothing of it was taken; do not use it unless you know who made it, and ask them for a new one.`,
  );
}

/** Says that a file is something else than an archive: SCANFLOW_PACK_FORMAT. */
export function noArchive(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    "SCANFLOW_PACK_FORMAT",
    `The file is no archive of Scanflow (${why}). Give one that "scanflow pack" or "scanflow export experiment" wrote.`,
    { cause },
  );
}

/** Lets formats up to the known one pass. Errors: SCANFLOW_PACK_FORMAT for a format that only a later version reads. */
export function checkFormat(format: number, known: number): void {
  if (format <= known) return;
  throw new ArchiveError(
    "SCANFLOW_PACK_FORMAT",
    `The archive has format ${format}, and this version reads ${known}. Use a newer Scanflow.`,
  );
}
