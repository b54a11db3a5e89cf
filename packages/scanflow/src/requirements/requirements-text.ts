import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { placeFiles } from "./place-files.ts";
import { readRequirements } from "./read-requirements.ts";

/**
 * All that a requirements file says, with the files that it refers to (`-r`, `-c`) and digests of the local packages
 * that it installs: it changes whenever the environment would. Throws `SCANFLOW_ENVIRONMENT_MISSING`.
 */
export function requirementsText(root: string, requirements: string): string {
  return readRequirements(root, requirements)
    .flatMap(({ lines }) => lines)
    .flatMap((line) => ("place" in line ? [line.text, digestOfPlace(line.place)] : [line.text]))
    .join("\n");
}

/** Digest of a file, or of all files below a folder. */
function digestOfPlace(place: string): string {
  const hash = createHash("sha256");
  for (const { path, file, size } of placeFiles(place)) {
    hash.update(`${path}\0${size}\0`);
    hash.update(readFileSync(file));
  }
  return `sha256:${hash.digest("hex")}`;
}
