import { randomBytes } from "node:crypto";
import { chmodSync, renameSync, writeFileSync } from "node:fs";

/**
 * Writes a file that its user alone can read, whole or not at all: for tokens. Throws what the file system says when
 * its folder is not there or not writable.
 */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
