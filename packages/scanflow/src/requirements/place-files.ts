import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A file of a local package: `path` is its place below the package, "" for a package that is one file. */
export interface PlaceFile {
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
}

const skipped = new Set([".git", ".venv", "__pycache__", "build", "dist", "node_modules", ".scanflow"]);

/** The files of a local package, sorted, without what building and running it leave there. */
export function* placeFiles(place: string, path = ""): Generator<PlaceFile> {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found?.isFile()) yield { path, file: place, size: found.size };
  else if (found?.isDirectory()) {
    for (const entry of readdirSync(place).sort()) {
      if (skipped.has(entry) || entry.endsWith(".egg-info")) continue;
      yield* placeFiles(join(place, entry), path === "" ? entry : `${path}/${entry}`);
    }
  }
}
