import { hash } from "node:crypto";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

export interface Due {
  readonly workflow: string;
  readonly cron: string;
  readonly timezone: string;
  /** The minute at which it is due, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * The id of the run that a schedule begins at a minute. It follows from both, so that a server that was started again
 * within the minute finds the run that the one before it began. As `newRunId` makes them, it begins with its time.
 */
export function runIdAt({ workflow, cron, timezone, at }: Due): string {
  let time = "";
  for (let left = at, digit = 0; digit < 9; digit++) {
    time = DIGITS.charAt(left % 32) + time;
    left = Math.floor(left / 32);
  }
  const rest = hash("sha256", JSON.stringify([workflow, cron, timezone, at]), "buffer").subarray(0, 5);
  return time + [...rest].map((byte) => DIGITS.charAt(byte % 32)).join("");
}

/** Whether a run was begun by this schedule, at whatever minute: its id says at which, and follows from it. */
export function isRunOf(id: string, schedule: Omit<Due, "at">): boolean {
  const at = [...id.slice(0, 9)].reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0);
  return runIdAt({ ...schedule, at }) === id;
}
