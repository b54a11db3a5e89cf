import { type Bases, readBases } from "./bases.ts";
import { slug } from "./image-name.ts";

export interface RecipeRequest {
  /** The config's folder (absolute). */
  readonly root: string;
  /** Name of the application, which the images are named by. */
  readonly application: string;
  /** Whether the image must have the shim, as on clusters, where nothing can be mounted. Default false. */
  readonly shim?: boolean;
  /** Most bytes of a build's context. Default 1 GiB. */
  readonly contextLimit?: number;
  /** Where the bases of images are read from. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface RecipeOptions {
  readonly root: string;
  /** What refs say before the digest. */
  readonly name: string;
  readonly bases: Bases;
  /** In bytes. */
  readonly contextLimit: number;
}

const gibibyte = 1024 ** 3;

export function readRequest({
  root,
  application,
  contextLimit = gibibyte,
  env,
}: RecipeRequest): RecipeOptions {
  return { root, name: slug(application), bases: readBases(env), contextLimit };
}
