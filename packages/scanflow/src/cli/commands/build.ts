import { resolve } from "node:path";
import { z } from "zod";
import { findConfig, loadApplication } from "../../config/index.ts";
import { Docker } from "../../docker/index.ts";
import {
  type ImageRecipe,
  Images,
  needLocalRegistry,
  readRegistry,
  removeImages,
  removeLocalRegistry,
} from "../../images/index.ts";
import { tellFailures } from "../build/failures.ts";
import { doWorks, type ImageWork, imageWorks } from "../build/image-work.ts";
import { type PlannedImages, planRecipes } from "../build/plan-recipes.ts";
import { showWorks } from "../build/show-works.ts";
import { writeDockerfiles } from "../build/write-dockerfiles.ts";
import type { Call, CommandFunction } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";
import { explainUnwritable } from "../output-file.ts";
import { readOptions } from "../read-options.ts";
import { counted } from "../text/counted.ts";
import { codedUsageError } from "../usage-error.ts";

const Options = z.object({
  push: z.boolean().default(false),
  registry: z.string().min(1, "must be host:port/prefix, or local").optional(),
  shim: z.boolean().default(false),
  dockerfiles: z.string().min(1, "must be a folder").optional(),
  remove: z.boolean().default(false),
  removeRegistry: z.boolean().default(false),
});

export const command: CommandFunction = async (call) => {
  const { push, registry, shim, dockerfiles, remove, removeRegistry } = readOptions(Options, call.options);
  if (removeRegistry) return endRegistry(call);
  if (remove) return removeAll(call);
  const place = push || registry !== undefined ? registryOf(registry) : null;
  const planned = await planRecipes(call, {
    ...{ workflow: call.arguments[0], shim },
    // Compose and clusters run Scanflow itself in it.
    server: shim || place !== null,
  });
  if (dockerfiles !== undefined) return writeOnly(call, planned.recipes.values(), dockerfiles);
  const works = imageWorks(planned.recipes);
  const shown = showWorks(works, call.output);
  const ended = await untilInterrupted((signal) =>
    work({ ...planned, works, place, signal, changed: shown.changed }),
  ).finally(() => shown.end());
  if (ended === undefined) return EXIT.interrupted;
  if (call.output.json) call.output.document({ images: works.map(told) });
  tellFailures(works, call.output);
  return EXIT.done;
};

interface Work extends PlannedImages {
  readonly works: readonly ImageWork[];
  /** null: nothing is pushed. */
  readonly place: string | null;
  readonly signal: AbortSignal;
  readonly changed: (work: ImageWork, line: string | null) => void;
}

async function work({ application, plan, works, place, signal, changed }: Work): Promise<true> {
  const docker = await Docker.open();
  try {
    const images = new Images(docker);
    const registry = place === "local" ? await needLocalRegistry(docker, images, { signal }) : place;
    const options = { application, plan, signal };
    await doWorks(works, {
      need: (recipe, note) => images.need(recipe, { ...options, note }),
      push: registry === null ? null : (recipe, note) => images.push(recipe, { ...options, registry, note }),
      signal,
      changed,
    });
    signal.throwIfAborted();
    return true;
  } finally {
    docker.close();
  }
}

/** The place that images are pushed to, or `local`. */
function registryOf(given: string | undefined): string {
  const place = given ?? process.env.SCANFLOW_REGISTRY ?? "";
  if (place === "") {
    throw codedUsageError(
      "--push needs to know where to. Add --registry host:port/prefix (or --registry local), or set SCANFLOW_REGISTRY.",
    );
  }
  return place === "local" ? place : readRegistry(place);
}

async function writeOnly(
  { output, directory }: Call,
  recipes: Iterable<ImageRecipe>,
  folder: string,
): Promise<ExitCode> {
  const out = resolve(directory, folder);
  let files: string[] = [];
  const write = async () => {
    files = await writeDockerfiles(recipes, out);
  };
  await explainUnwritable(out, write, "--dockerfiles");
  if (output.json) output.document({ folder: out, files });
  else {
    for (const file of files) output.line(file);
    output.line(`Wrote ${counted(files.length, "Dockerfile")} into ${folder}; nothing was built.`);
  }
  return EXIT.done;
}

async function removeAll({ output, directory }: Call): Promise<ExitCode> {
  const { application } = await loadApplication(findConfig(directory));
  const docker = await Docker.open();
  const { removed, used } = await removeImages(docker, application.name).finally(() => docker.close());
  if (output.json) output.document({ removed, used });
  else {
    for (const name of removed) output.line(`removed ${name}`);
    output.line(`Removed ${counted(removed.length, "image")} of ${application.name}.`);
    for (const name of used) output.note(`${output.style("yellow", "kept")} ${name}: a container uses it.`);
  }
  return EXIT.done;
}

async function endRegistry({ output }: Call): Promise<ExitCode> {
  const docker = await Docker.open();
  try {
    await removeLocalRegistry(docker);
  } finally {
    docker.close();
  }
  if (output.json) output.document({ removed: "scanflow-registry" });
  else output.line("The local registry and what it held are removed.");
  return EXIT.done;
}

function told({ recipe, tasks, state, image, tookMs, pushed }: ImageWork): object {
  return {
    ref: recipe.ref,
    kind: recipe.kind,
    digest: recipe.kind === "build" ? recipe.digest : null,
    tasks,
    state,
    how: image?.how ?? null,
    id: image?.id ?? null,
    bytes: image?.bytes ?? null,
    tookMs: Math.round(tookMs),
    pushed,
  };
}
