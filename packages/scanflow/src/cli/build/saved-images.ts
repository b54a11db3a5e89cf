import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { findRoot } from "../../config/index.ts";
import { Docker } from "../../docker/index.ts";
import { applicationState } from "../../engine/index.ts";
import { Images, isSavable, type SavedImage, saveRecipes } from "../../images/index.ts";
import type { Call } from "../command.ts";
import { tellFailures } from "./failures.ts";
import { doWorks, imageWorks } from "./image-work.ts";
import { planRecipes } from "./plan-recipes.ts";
import { showWorks } from "./show-works.ts";

/** An archive of images, and what it holds. */
interface SavedImages {
  /** Absolute. */
  readonly archive: string;
  readonly list: readonly SavedImage[];
}

/**
 * Builds what is missing of an application's images, saves all into a file, and removes that when the work is done.
 * Errors: those of `Images.need` and of the work.
 */
export async function withSavedImages<T>(
  call: Call,
  signal: AbortSignal,
  work: (images: SavedImages) => Promise<T>,
): Promise<T> {
  const { output } = call;
  const { application, plan, recipes } = await planRecipes(call, {
    workflow: undefined,
    shim: false,
    server: false,
  });
  const docker = await Docker.open();
  // Not in the application's folder, which is packed.
  const state = applicationState(findRoot(call.directory)).path;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(state, "images-"));
  try {
    const images = new Images(docker);
    const works = imageWorks(recipes);
    const shown = showWorks(works, output);
    const need: Parameters<typeof doWorks>[1]["need"] = (recipe, note) =>
      images.need(recipe, { application, plan, note, signal });
    await doWorks(works, { need, push: null, signal, changed: shown.changed }).finally(() => shown.end());
    signal.throwIfAborted();
    tellFailures(works, output);
    const all = works.map(({ recipe }) => recipe);
    for (const { ref } of all.filter((recipe) => !isSavable(recipe))) {
      output.note(
        `${output.style("yellow", "left out")} image ${ref}: it is named by its digest, and can only be fetched.`,
      );
    }
    const archive = join(folder, "images.tar");
    return await work({
      archive,
      list: await saveRecipes(docker, all.filter(isSavable), { file: archive, signal }),
    });
  } finally {
    docker.close();
    await rm(folder, { recursive: true, force: true });
  }
}
