import { randomBytes } from "node:crypto";
import { chmodSync, renameSync, writeFileSync } from "node:fs";

/**
 * Writes a file that others look for, whole or not at all: a process that is killed while it writes leaves none, and not
 * one that is empty for ever. `mode`: its rights, whatever the umask says.
 */
export function writeWhole(file: string, text: string, { mode }: { readonly mode?: number } = {}): void {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, text, { flag: "wx" });
  if (mode !== undefined) chmodSync(draft, mode);
  renameSync(draft, file);
}
