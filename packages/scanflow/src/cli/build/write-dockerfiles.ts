import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuiltImage, ImageRecipe } from "../../images/index.ts";

/**
 * Writes what images are built from into a folder for each: the Dockerfile, and the texts that it copies beside it. What
 * lies on this machine anyway is not copied. Gives the paths of the Dockerfiles below `out`, sorted.
 */
export async function writeDockerfiles(recipes: Iterable<ImageRecipe>, out: string): Promise<string[]> {
  const written = new Map<string, BuiltImage>();
  const open = [...recipes];
  for (let recipe = open.pop(); recipe !== undefined; recipe = open.pop()) {
    if (recipe.kind !== "build" || written.has(recipe.ref)) continue;
    written.set(recipe.ref, recipe);
    open.push(...recipe.needs);
  }
  for (const recipe of written.values()) {
    await write(join(out, folderOf(recipe), "Dockerfile"), headed(recipe));
    for (const file of recipe.files) {
      if (file.kind === "text") await write(join(out, folderOf(recipe), file.path), file.text);
    }
  }
  return Array.from(written.values(), (recipe) => `${folderOf(recipe)}/Dockerfile`).sort();
}

/** `digits-0123456789ab`, of `scanflow/digits:0123456789ab`. */
function folderOf({ ref }: BuiltImage): string {
  return ref.replace(/^scanflow\//, "").replaceAll(":", "-");
}

/** With the name of the image, by which others are built upon it. */
function headed({ ref, digest, dockerfile }: BuiltImage): string {
  return `${dockerfile.trimEnd()}\nLABEL org.scanflow.recipe="${digest}"\n# ${ref}\n`;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
