import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { BuiltImage, ImageRecipe } from "./image-recipe.ts";

/** A folder with these files, removed after the test. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-images-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** The recipe, which must be one that is built. */
export function built(recipe: ImageRecipe | undefined): BuiltImage {
  if (recipe?.kind !== "build") throw new Error(`not built: ${JSON.stringify(recipe)}`);
  return recipe;
}

/** The texts of a recipe's files by path; of other files their sha256. */
export function texts({ files }: Pick<BuiltImage, "files">): Record<string, string> {
  return Object.fromEntries(
    files.map((file) => {
      if (file.kind === "text") return [file.path, file.text];
      if (file.kind === "file") return [file.path, file.sha256];
      return [file.path, file.kind === "link" ? `-> ${file.target}` : "folder"];
    }),
  );
}
