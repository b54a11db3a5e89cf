import { readFile } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";
import { type Environment, ScanflowError } from "@scanflow/core";
import { buildRecipe } from "./build-recipe.ts";
import { contextFiles } from "./context-files.ts";
import type { BuiltImage } from "./image-recipe.ts";
import type { RecipeOptions } from "./recipe-options.ts";

type DockerfileEnvironment = Extract<Environment, { kind: "dockerfile" }>;

/** What only BuildKit reads, and the builder that every daemon has does not (docs.docker.com/reference/dockerfile). */
const buildKitOnly =
  /^\s*(?:#\s*syntax\s*=|RUN\s+--(?:mount|network|security)\b|(?:COPY|ADD)\s+--link\b|(?:RUN|COPY|ADD)\b.*<<-?["']?\w)/im;

/** An image from a Dockerfile of the user's own, as it stands; of its context, the files. Errors: SCANFLOW_ENVIRONMENT_MISSING, SCANFLOW_ENVIRONMENT_UNSUPPORTED, SCANFLOW_IMAGE_CONTEXT. */
export async function ownDockerfileRecipe(
  environment: DockerfileEnvironment,
  { root, name, contextLimit }: RecipeOptions,
): Promise<BuiltImage> {
  const dockerfile = resolve(root, environment.dockerfile);
  const context = resolve(root, environment.context);
  const text = await readFile(dockerfile, "utf8").catch((cause: unknown) => {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_MISSING",
      `The Dockerfile ${dockerfile} cannot be read. Put it there, or correct its path, which is relative to the config's folder.`,
      { cause },
    );
  });
  refuseBuildKit(text, environment.dockerfile);
  const files = await contextFiles(context, { dockerfile, limit: contextLimit });
  const inside = relative(context, dockerfile).split(sep).join("/");
  const dockerfilePath = inside.startsWith("../") ? ".scanflow.Dockerfile" : inside;
  return buildRecipe({
    name,
    about: environment.dockerfile,
    dockerfile: text,
    asWritten: true,
    dockerfilePath,
    files: files.filter(({ path }) => path !== dockerfilePath),
    shim: null,
  });
}

function refuseBuildKit(text: string, path: string): void {
  const [found] = buildKitOnly.exec(text) ?? [];
  if (found === undefined) return;
  throw new ScanflowError(
    "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
    `${path} has "${found.trim()}", which only BuildKit reads, and images are built over Docker's API without it. Write it without that, or build the image with "docker build" and name it: image("…").`,
  );
}
