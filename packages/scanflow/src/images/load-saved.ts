import { createReadStream } from "node:fs";
import { damaged, readTarTexts, unsafe } from "@scanflow/tracking/archive";
import { z } from "zod";
import { type Docker, inspectImage, loadImages, removeImage, tagImage } from "../docker/index.ts";
import { readImageName } from "./image-name.ts";
import { type SavedImage, savedName } from "./saved-image.ts";

/**
 * Loads what `saveRecipes` wrote. An image that is there under its name stays, and what the archive names must be what
 * is expected of it: it gets no other name. Gives the names that are there now and were not before. Errors:
 * SCANFLOW_PACK_UNSAFE, SCANFLOW_PACK_DAMAGED, SCANFLOW_DOCKER_FULL, and those of `Docker`.
 */
export async function loadSaved(
  docker: Docker,
  images: readonly SavedImage[],
  { file, signal }: { readonly file: string; readonly signal?: AbortSignal },
): Promise<string[]> {
  const before = await Promise.all(images.map(({ ref }) => inspectImage(docker, ref)));
  const missing = images.filter((_, at) => before[at] === undefined);
  if (missing.length === 0) return [];
  await refuseOtherNames(file, new Set(images.map(({ saved }) => saved)));
  await loadImages(docker, createReadStream(file), { ...(signal && { signal }) });
  for (const [at, { ref, saved }] of images.entries()) {
    const loaded = await inspectImage(docker, saved);
    if (loaded === undefined) throw damaged(`the image ${saved} is not in it`);
    const kept = before[at];
    // What was there keeps its name.
    if (kept !== undefined && kept.Id !== loaded.Id) await name(docker, kept.Id, ref);
    if (kept === undefined && ref !== saved) await name(docker, loaded.Id, ref);
    if (ref !== saved) await removeImage(docker, saved);
  }
  return missing.map(({ ref }) => ref);
}

async function name(docker: Docker, id: string, ref: string): Promise<void> {
  const { repository, tag } = readImageName(ref, "An archive");
  await tagImage(docker, id, { repository, tag: tag ?? "latest" });
}

const manifest = z.array(z.looseObject({ RepoTags: z.array(z.string()).nullish() }));
const repositories = z.record(z.string(), z.record(z.string(), z.string()));
const index = z.looseObject({
  manifests: z.array(z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() })),
});

/** Daemons take names from any of these files, the older ones from the second, the newest from the third. */
async function refuseOtherNames(file: string, expected: ReadonlySet<string>): Promise<void> {
  const texts = await readTarTexts(createReadStream(file), ["manifest.json", "repositories", "index.json"]);
  if (texts.size === 0) throw damaged("what it holds is no archive of images");
  const named = [
    ...read(texts.get("manifest.json"), manifest, []).flatMap(({ RepoTags }) => RepoTags ?? []),
    ...Object.entries(read(texts.get("repositories"), repositories, {})).flatMap(([repository, tags]) =>
      Object.keys(tags).map((tag) => `${repository}:${tag}`),
    ),
    ...read(texts.get("index.json"), index, { manifests: [] }).manifests.flatMap(({ annotations }) => {
      const full = annotations?.["io.containerd.image.name"];
      return full === undefined ? [] : [full.replace(/^docker\.io\//, "")];
    }),
  ];
  const other = named.find((one) => !expected.has(one) || !savedName.test(one));
  if (other !== undefined) throw unsafe(`gives an image the name ${JSON.stringify(other)}, which it may not`);
}

function read<Value>(text: string | undefined, schema: z.ZodType<Value>, otherwise: Value): Value {
  if (text === undefined) return otherwise;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged("what it says of its images cannot be read", cause);
  }
}
