import { createHash, hash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { ImageFile } from "./image-recipe.ts";

/** In bytes: what is smaller is read at once. To wait for it on another thread would cost ten times the reading. */
export const smallBytes = 1024 ** 2;

/** A file of this machine as it goes into a build's context, under `path`. */
export async function describeFile(
  file: string,
  path: string,
): Promise<Extract<ImageFile, { kind: "file" }>> {
  const { size, mode } = statSync(file);
  const sha256 = size < smallBytes ? hash("sha256", readFileSync(file)) : await digestOf(file);
  return { kind: "file", path, file, size, sha256, executable: (mode & 0o100) !== 0 };
}

async function digestOf(file: string): Promise<string> {
  const digest = createHash("sha256");
  await pipeline(createReadStream(file), digest);
  return digest.digest("hex");
}
