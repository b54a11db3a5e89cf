import { setTimeout as wait } from "node:timers/promises";
import { errorCode, ScanflowError } from "@scanflow/core";
import {
  createContainer,
  type Docker,
  hasStatus,
  inspectContainer,
  listContainers,
  removeContainer,
  removeVolume,
  startContainer,
} from "../docker/index.ts";
import { givenImage } from "./given-image.ts";
import type { Images } from "./images.ts";
import { registryFromProgram } from "./registry-recipe.ts";

export interface LocalRegistryOptions {
  /** Its name, for who needs more than one; its container and its volume are called so. Default `scanflow-registry`. */
  readonly name?: string;
  /** The port of this machine that it is published on. Default 5000. */
  readonly port?: number;
  readonly note?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The one that everybody uses. */
const image = "registry:2";
const label = "org.scanflow.registry";
const inside = "5000/tcp";

/** How often a registry that starts is asked. */
const pollMs = 50;
const patienceMs = 30_000;

/**
 * A registry in a container of the daemon, which is started unless it runs, and is there again whenever the daemon is.
 * Gives its place, `127.0.0.1:<port>`, as the daemon of this machine reaches it. Errors: SCANFLOW_PORT_TAKEN,
 * SCANFLOW_IMAGE_MISSING, SCANFLOW_IMAGE_PUSH when it does not answer, and those of `Docker`.
 */
export async function needLocalRegistry(
  docker: Docker,
  images: Images,
  options: LocalRegistryOptions = {},
): Promise<string> {
  const { name = "scanflow-registry", port = 5000, signal } = options;
  const [known] = await listContainers(docker, [`${label}=${name}`]);
  const id = known?.Id ?? (await makeRegistry(docker, images, options));
  try {
    await startContainer(docker, id);
  } catch (error) {
    if (known === undefined) await removeContainer(docker, id);
    throw error;
  }
  const details = await inspectContainer(docker, id);
  const [published] = details?.NetworkSettings.Ports?.[inside] ?? [];
  const place = `127.0.0.1:${published?.HostPort ?? port}`;
  await untilItAnswers(place, signal);
  return place;
}

/** Ends the registry and removes what it holds. Nothing is done when there is none. */
export async function removeLocalRegistry(docker: Docker, name = "scanflow-registry"): Promise<void> {
  for (const { Id } of await listContainers(docker, [`${label}=${name}`])) await removeContainer(docker, Id);
  await removeVolume(docker, name);
}

async function makeRegistry(docker: Docker, images: Images, options: LocalRegistryOptions): Promise<string> {
  const { name = "scanflow-registry", port = 5000, note, signal } = options;
  const { ref } = await registryImage(images, { ...(note && { note }), signal });
  note?.(`starting a registry on 127.0.0.1:${port}`);
  const created = createContainer(docker, name, {
    Image: ref,
    Labels: { [label]: name },
    ExposedPorts: { [inside]: {} },
    HostConfig: {
      PortBindings: { [inside]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] },
      Mounts: [{ Type: "volume", Source: name, Target: "/var/lib/registry" }],
      RestartPolicy: { Name: "unless-stopped" },
    },
  });
  return created.catch((error: unknown) => {
    if (!hasStatus(error, 409)) throw error;
    return madeByOther(docker, name, error);
  });
}

/** Another process makes it: its name is taken a little before it can be seen. */
async function madeByOther(docker: Docker, name: string, refused: unknown): Promise<string> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const made = await inspectContainer(docker, name);
    if (made?.Config.Labels?.[label] === name) return made.Id;
    if (made !== undefined) break;
    await wait(pollMs);
  }
  throw refused;
}

/** The common image where it can be had, else one of the program of this machine. */
async function registryImage(
  images: Images,
  options: { readonly note?: (line: string) => void; readonly signal: AbortSignal | undefined },
) {
  try {
    return await images.need(givenImage(image), options);
  } catch (error) {
    if (errorCode(error) !== "SCANFLOW_IMAGE_MISSING") throw error;
    const recipe = await registryFromProgram();
    if (recipe === null) throw lacking(error);
    return images.need(recipe, options);
  }
}

function lacking(cause: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_IMAGE_MISSING",
    `A local registry needs the image ${image}, which the Docker daemon cannot fetch, or the program docker-registry on this machine, which is not there. Load the image, or install the program ("apt-get install docker-registry").`,
    { cause },
  );
}

async function untilItAnswers(place: string, signal: AbortSignal | undefined): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const answered = await fetch(`http://${place}/v2/`, { signal: signal ?? null }).then(
      ({ status }) => status,
      () => null,
    );
    signal?.throwIfAborted();
    if (answered === 200) return;
    if (performance.now() > until) {
      throw new ScanflowError(
        "SCANFLOW_IMAGE_PUSH",
        `The local registry does not answer at http://${place}/v2/ (${answered === null ? "no connection" : `status ${answered}`}). See its log with "docker logs scanflow-registry"; it has to run on this machine.`,
      );
    }
    await wait(pollMs, undefined, signal && { signal });
  }
}
