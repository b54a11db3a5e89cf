import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { ImageFile } from "./image-recipe.ts";

/** In bytes: what is smaller is read in one go. */
const small = 1024 ** 2;

/** A file of this machine as it goes into a build's context, under `path`. */
export async function describeFile(
  file: string,
  path: string,
): Promise<Extract<ImageFile, { kind: "file" }>> {
  const { size, mode } = await stat(file);
  const hash = createHash("sha256");
  if (size < small) hash.update(await readFile(file));
  else await pipeline(createReadStream(file), hash);
  return { kind: "file", path, file, size, sha256: hash.digest("hex"), executable: (mode & 0o100) !== 0 };
}
