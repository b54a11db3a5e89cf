export { kubernetesRunner } from "./kubernetes-runner.ts";
export type { PodImages } from "./pod-images.ts";
export { recipeImages } from "./recipe-images.ts";
export { tableImages } from "./table-images.ts";
