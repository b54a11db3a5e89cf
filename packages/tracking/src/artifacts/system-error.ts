import { ArtifactError, type ArtifactErrorCode } from "./errors.ts";

const codes: Readonly<Record<string, ArtifactErrorCode>> = {
  ENOSPC: "SCANFLOW_STORAGE_FULL",
  EDQUOT: "SCANFLOW_STORAGE_FULL",
  EACCES: "SCANFLOW_STORAGE_DENIED",
  EPERM: "SCANFLOW_STORAGE_DENIED",
  EROFS: "SCANFLOW_STORAGE_DENIED",
};

const nextActions: Readonly<Partial<Record<ArtifactErrorCode, string>>> = {
  SCANFLOW_STORAGE_FULL:
    "Nothing half-written was left behind. Free space there, or remove unused artifacts with `scanflow gc`, then run again.",
  SCANFLOW_STORAGE_DENIED:
    "Give the user that runs Scanflow read and write access to that path, or choose another folder, then run again.",
};

/** Tells whether an error comes from the operating system with one of the given codes. */
export function isSystemError(error: unknown, ...expected: string[]): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return false;
  return expected.length === 0 || expected.includes(String(error.code));
}

/** Turns what the operating system said into a coded error; any other error is returned as it is. */
export function codedStorageError(error: unknown, action: string): unknown {
  if (!isSystemError(error)) return error;
  const code = codes[error.code ?? ""] ?? "SCANFLOW_STORAGE_FAILED";
  const next =
    nextActions[code] ?? "Check the disk and the path, then run again; what was stored is untouched.";
  const place = error.path === undefined ? "" : ` at ${error.path}`;
  return new ArtifactError(code, `Could not ${action}: ${error.code}${place}. ${next}`, { cause: error });
}

/** Runs `work`; failures of the operating system come out coded. `action` completes "Could not …". */
export async function withCodedErrors<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw codedStorageError(error, action);
  }
}
