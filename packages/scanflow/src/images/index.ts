export { imageUser } from "./dockerfile-text.ts";
export { type ImageName, readImageName, readRegistry, refIn } from "./image-name.ts";
export type { BuiltImage, GivenImage, ImageFile, ImageRecipe } from "./image-recipe.ts";
export { Images, type ImagesOptions, type NeedOptions, type ReadyImage } from "./images.ts";
export { labels as imageLabels } from "./labels.ts";
export { type LocalRegistryOptions, needLocalRegistry, removeLocalRegistry } from "./local-registry.ts";
export type { PushOptions } from "./push-built.ts";
export { type ImageTask, ownRecipe, recipeOf, recipesOf } from "./recipe-of.ts";
export type { RecipeRequest } from "./recipe-options.ts";
