import type { Readable } from "node:stream";
import { authHeader, loginsHeader, type RegistryAuth } from "./credentials.ts";
import type { Docker } from "./docker.ts";
import { hasStatus } from "./docker-error.ts";
import { type DockerMessage, followWork } from "./messages.ts";

/** What is known of an image (Engine API, ImageInspect), as far as it is used. */
export interface ImageDetails {
  /** Digest of its configuration. */
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  /** In bytes. */
  readonly Size: number;
  readonly Os: string;
  readonly Architecture: string;
  readonly Config: {
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly User?: string;
    readonly Entrypoint: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    readonly Env: readonly string[] | null;
  };
  readonly RootFS: { readonly Layers?: readonly string[] };
}

export interface ImageSummary {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly Size: number;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export interface Work {
  /** Hears what the daemon tells meanwhile. */
  readonly tell?: (message: DockerMessage) => void;
  readonly signal?: AbortSignal;
}

/** undefined when the daemon has no image of this name or id. */
export async function inspectImage(docker: Docker, image: string): Promise<ImageDetails | undefined> {
  try {
    return await docker.json<ImageDetails>({
      method: "GET",
      path: `/images/${encodeURIComponent(image)}/json`,
      what: `look at image ${image}`,
    });
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Those with all these labels (`name` or `name=value`). */
export function listImages(docker: Docker, labels: readonly string[]): Promise<readonly ImageSummary[]> {
  return docker.json({
    method: "GET",
    path: "/images/json",
    query: { filters: { label: labels } },
    what: "list images",
  });
}

export interface BuildOptions extends Work {
  /** A tar archive (also a compressed one) that holds the Dockerfile and what it copies. */
  readonly context: Readable;
  readonly tags: readonly string[];
  /** Path of the Dockerfile in the archive. Default `Dockerfile`. */
  readonly dockerfile?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly args?: Readonly<Record<string, string>>;
  /** Such as `host`; the daemon's default otherwise. */
  readonly network?: string;
  /** Logins for the registries that base images are fetched from, by registry. */
  readonly logins?: Readonly<Record<string, RegistryAuth>>;
  /** Looks for a newer base image in its registry. Default false. */
  readonly pull?: boolean;
}

/** Builds an image and gives its id. Errors: SCANFLOW_DOCKER_FAILED with the step that failed, and those of all calls. */
export async function buildImage(docker: Docker, options: BuildOptions): Promise<string> {
  const { context, tags, dockerfile = "Dockerfile", labels = {}, args = {}, network, pull = false } = options;
  const { tell, signal, logins } = options;
  const what = `build image ${tags.join(", ")}`;
  const answer = await docker.open({
    method: "POST",
    path: "/build",
    query: {
      t: tags,
      dockerfile,
      labels,
      buildargs: args,
      networkmode: network,
      ...(pull && { pull: 1 }),
      rm: 1,
      forcerm: 1,
    },
    body: context,
    ...(logins && { headers: loginsHeader(logins) }),
    signal,
    what,
  });
  let id = "";
  await followWork(docker, answer, {
    what,
    tell: (message) => {
      id = message.aux?.ID ?? id;
      tell?.(message);
    },
  });
  return id;
}

/** Gives an image another name, `repository` and `tag`. */
export function tagImage(
  docker: Docker,
  image: string,
  as: { repository: string; tag: string },
): Promise<void> {
  return docker.send({
    method: "POST",
    path: `/images/${encodeURIComponent(image)}/tag`,
    query: { repo: as.repository, tag: as.tag },
    what: `tag image ${image}`,
  });
}

/** Sends an image to the registry that its name leads to, and gives its digest there, if that is told. */
export async function pushImage(
  docker: Docker,
  { repository, tag }: { readonly repository: string; readonly tag: string },
  { auth, tell, signal }: Work & { readonly auth: RegistryAuth | null },
): Promise<string | undefined> {
  const what = `push image ${repository}:${tag}`;
  const answer = await docker.open({
    method: "POST",
    path: `/images/${repository}/push`,
    query: { tag },
    headers: authHeader(auth),
    signal,
    what,
  });
  let digest: string | undefined;
  await followWork(docker, answer, {
    what,
    tell: (message) => {
      digest = message.aux?.Digest ?? digest;
      tell?.(message);
    },
  });
  return digest;
}

/** Fetches an image from the registry that its name leads to. */
export async function pullImage(
  docker: Docker,
  image: string,
  { auth, tell, signal }: Work & { readonly auth: RegistryAuth | null },
): Promise<void> {
  const what = `pull image ${image}`;
  const answer = await docker.open({
    method: "POST",
    path: "/images/create",
    query: { fromImage: /[:@][^/]*$/.test(image) ? image : `${image}:latest` },
    headers: authHeader(auth),
    signal,
    what,
  });
  await followWork(docker, answer, { what, tell });
}

/** Images as one tar archive, with their names. */
export function saveImages(
  docker: Docker,
  images: readonly string[],
  signal?: AbortSignal,
): Promise<Readable> {
  const call = { method: "GET", path: "/images/get", query: { names: images }, signal } as const;
  return docker.open({ ...call, what: `save ${images.join(", ")}` });
}

/** Takes the images of an archive of `saveImages` or `docker save`. */
export async function loadImages(
  docker: Docker,
  archive: Readable,
  { tell, signal }: Work = {},
): Promise<void> {
  const what = "load an archive of images";
  const answer = await docker.open({ method: "POST", path: "/images/load", body: archive, signal, what });
  await followWork(docker, answer, { what, tell });
}

/** Nothing is done when there is none; containers that use it keep it (SCANFLOW_DOCKER_FAILED). */
export async function removeImage(docker: Docker, image: string): Promise<void> {
  const call = { method: "DELETE", path: `/images/${encodeURIComponent(image)}` } as const;
  await docker.send({ ...call, what: `remove image ${image}` }).catch((error: unknown) => {
    if (!hasStatus(error, 404)) throw error;
  });
}
