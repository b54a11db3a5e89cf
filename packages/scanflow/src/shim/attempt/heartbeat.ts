import { stat } from "node:fs/promises";

/** How long ago a command touched its heartbeat file, in milliseconds; null: never. */
export async function sinceBeat(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => undefined);
  return found ? Math.max(0, Date.now() - found.mtimeMs) : null;
}
