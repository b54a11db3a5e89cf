import type { VerdictStatus } from "../verdict/verdict.ts";

/**
 * Says of each verdict of a stream whether to tell of it: an alarm is told, and then no other one within the next
 * `windows` windows, so that one change does not ring in each window that it is part of. What is not told is still
 * kept.
 *
 * @param state how many windows are left to be quiet: what it was before a restart
 */
export function coolDown({ windows, state = 0 }: { readonly windows: number; readonly state?: number }): {
  tells(status: VerdictStatus): boolean;
  state(): number;
} {
  let quiet = state;
  function tells(status: VerdictStatus): boolean {
    const isQuiet = quiet > 0;
    if (isQuiet) quiet -= 1;
    if (status !== "alarm" || isQuiet) return false;
    quiet = windows;
    return true;
  }
  return { tells, state: () => quiet };
}
