import { existsSync, rmSync, writeFileSync } from "node:fs";

/** Beside an attempt's folder, where its container cannot write. */
const placeOf = (workdir: string): string => `${workdir}.collected`;

/**
 * From here on outputs may be on their way into the store: what is left in the folder is not all that was written, and
 * an owner that comes after cannot go on with the attempt.
 */
export function markCollected(workdir: string): void {
  writeFileSync(placeOf(workdir), "");
}

export function wasCollected(workdir: string): boolean {
  return existsSync(placeOf(workdir));
}

/** Once the folder is gone. */
export function forgetCollected(workdir: string): void {
  rmSync(placeOf(workdir), { force: true });
}
