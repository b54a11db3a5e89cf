import { errorCode } from "./error-code.ts";

/** How a command ends. Paused runs count as waiting: both go on when a person says so. */
export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 75, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Trouble of the machine or of Scanflow itself, which another way to call the command does not mend. */
const TROUBLE =
  /^SCANFLOW_(INTERNAL|STORE|STORAGE|ARTIFACT|JOURNAL|OWNER_UNREACHABLE|FOLDER|TRACKER_PORT|RUN_BROKEN|OBJECT_UNREACHABLE|OBJECT_FAILED|DEPLOY_FAILED|DEPLOY_LEFT|DATA_CORRUPT|DATA_RECORD)/;

/** The exit code of a command that was ended by an error. */
export function exitCodeOf(error: unknown): ExitCode {
  const code = errorCode(error);
  if (code === undefined || TROUBLE.test(code)) return EXIT.failed;
  return code === "SCANFLOW_OWNER_GONE" ? EXIT.interrupted : EXIT.usage;
}
