import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Content } from "./case.ts";

/** The text of a file, or of every file in a folder. */
export async function contentAt(path: string): Promise<Content> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return readFile(path, "utf8");
  const texts = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }): Promise<[string, string]> => {
      const file = join(parentPath, name);
      return [file.slice(path.length + 1), await readFile(file, "utf8")];
    });
  return { files: Object.fromEntries(await Promise.all(texts)) };
}
