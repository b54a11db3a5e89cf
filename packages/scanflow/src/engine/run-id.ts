import { randomBytes } from "node:crypto";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/** A new run id: 9 digits of time (milliseconds, Crockford's base 32) and 5 of chance. Later ids sort later. */
export function newRunId(now: number): string {
  let time = "";
  for (let left = now, digit = 0; digit < 9; digit++) {
    time = DIGITS.charAt(left % 32) + time;
    left = Math.floor(left / 32);
  }
  return time + [...randomBytes(5)].map((byte) => DIGITS.charAt(byte % 32)).join("");
}
