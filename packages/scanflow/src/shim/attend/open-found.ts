import { constants } from "node:fs";
import { type FileHandle, open, readlink } from "node:fs/promises";
import type { Found } from "./survey.ts";

/** The folder is another one than when it was looked at. */
export class Changed extends Error {}

/**
 * Opens a file that was found where somebody else writes, who may put something else in its place at any moment: a link
 * to what this container alone may read, also in the place of a folder above it, or a pipe on which the opening would
 * wait. What was opened has to be what was found. `place` is a real path. Throws `Changed`.
 */
export async function openFound({ path, place }: Pick<Found, "path" | "place">): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((cause: unknown) => {
    throw new Changed(`${path} cannot be read`, { cause });
  });
  const opened = await readlink(`/proc/self/fd/${file.fd}`);
  if (opened === place && (await file.stat()).isFile()) return file;
  await file.close();
  throw new Changed(`${path} is another one`);
}
