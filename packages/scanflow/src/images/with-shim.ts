import { buildRecipe } from "./build-recipe.ts";
import { dockerfileText } from "./dockerfile-text.ts";
import type { BuiltImage, ImageRecipe } from "./image-recipe.ts";
import type { RecipeOptions } from "./recipe-options.ts";
import { scanflowFolder, scanflowRecipe } from "./scanflow-recipe.ts";
import { layerShim, shimNode, shimRecipe } from "./shim-recipe.ts";

const shimFolder = "/opt/scanflow-shim";

/** The image with the shim in it; one that has it already is left as it is. */
export async function withShim(recipe: ImageRecipe, options: RecipeOptions): Promise<BuiltImage> {
  if (recipe.kind === "build" && recipe.shim !== null) return recipe;
  return withLayer(recipe, await shimRecipe(options), options.name);
}

/** The image with a layer of `shimLayer` in it. */
export function withLayer(recipe: ImageRecipe, layer: BuiltImage, name: string): BuiltImage {
  return buildRecipe({
    name,
    about: `${aboutOf(recipe)}, with the shim`,
    files: [],
    needs: [recipe, layer],
    shim: layerShim,
    dockerfile: dockerfileText("An image with the shim in it.", [
      `FROM ${recipe.ref}`,
      `COPY --from=${layer.ref} ${shimFolder} ${shimFolder}`,
    ]),
  });
}

/** The image with all of Scanflow in it, for functions and checks that need what the image holds. */
export async function withScanflow(recipe: ImageRecipe, options: RecipeOptions): Promise<BuiltImage> {
  const [layer, scanflow] = await Promise.all([shimRecipe(options), scanflowRecipe(options)]);
  return buildRecipe({
    name: options.name,
    about: `${aboutOf(recipe)}, with scanflow`,
    files: [],
    needs: [recipe, layer, scanflow],
    shim: [...shimNode, `${scanflowFolder}/dist/shim/main.js`],
    dockerfile: dockerfileText("An image with Scanflow in it.", [
      `FROM ${recipe.ref}`,
      `COPY --from=${layer.ref} ${shimFolder} ${shimFolder}`,
      `COPY --from=${scanflow.ref} ${scanflowFolder} ${scanflowFolder}`,
    ]),
  });
}

function aboutOf(recipe: ImageRecipe): string {
  return recipe.kind === "given" ? recipe.ref : recipe.about;
}
