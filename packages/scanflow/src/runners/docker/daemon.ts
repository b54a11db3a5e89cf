import { randomUUID } from "node:crypto";
import { mkdirSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ScanflowError } from "@scanflow/core";
import {
  createContainer,
  Docker,
  type DockerInfo,
  dockerInfo,
  endpointText,
  hasStatus,
} from "../../docker/index.ts";
import type { ContainerUser } from "./container-folder.ts";

/** A daemon that containers of attempts run on. */
export interface Daemon {
  readonly docker: Docker;
  readonly info: DockerInfo;
  /** Whether its root is a user of this machine like others. */
  readonly rootless: boolean;
}

/** Errors: those of `Docker.open`, and SCANFLOW_DOCKER_FAILED for one that runs no Linux containers. */
export async function openDaemon(env: NodeJS.ProcessEnv): Promise<Daemon> {
  const docker = await Docker.open({ env });
  try {
    const info = await dockerInfo(docker);
    if (info.OSType !== "linux") {
      throw new ScanflowError(
        "SCANFLOW_DOCKER_FAILED",
        `The Docker daemon at ${endpointText(docker.endpoint)} runs containers for ${info.OSType}, and tasks need Linux. Switch it to Linux containers.`,
      );
    }
    const rootless = info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false;
    return { docker, info, rootless };
  } catch (error) {
    docker.close();
    throw error;
  }
}

/** Who containers run as: whoever runs this process; for root, the owner of the application's folder, else 1000. */
export function containerUser(root: string): ContainerUser {
  const uid = process.getuid?.() ?? 1000;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? uid };
  const owner = statSync(root);
  return owner.uid === 0 ? { uid: 1000, gid: 1000 } : { uid: owner.uid, gid: owner.gid };
}

/**
 * Looks whether that user can read the application's folder, which only matters for root: everybody else runs containers
 * as themselves. Errors: SCANFLOW_CONTAINER_USER.
 */
export function checkReadable(root: string, { uid }: ContainerUser): void {
  const { uid: owner, mode } = statSync(root);
  const forOthers = 0o005;
  if (process.getuid?.() !== 0 || owner === uid || (mode & forOthers) === forOthers) return;
  throw new ScanflowError(
    "SCANFLOW_CONTAINER_USER",
    `Containers never run as root: those of ${root} run as user ${uid}, who cannot read that folder. Let others read it ("chmod -R o+rX ${root}"), or give it to the user who runs Scanflow and run it as that user.`,
  );
}

/** As the daemon wants it: in a rootless one, this machine's user is its root. */
export function userText({ uid, gid }: ContainerUser, { rootless }: Daemon): string {
  return rootless ? "0:0" : `${uid}:${gid}`;
}

/** No image has this name: the daemon looks at what is mounted before it looks for the image. */
const noImage = "scanflow.invalid/look:0";

/**
 * Whether the daemon has the files of this machine: it is asked for a container with a folder that only this machine
 * has, of an image that nobody has. Errors: SCANFLOW_DOCKER_ELSEWHERE.
 */
export async function checkFiles({ docker }: Daemon, state: string): Promise<void> {
  const folder = join(state, `look-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  try {
    const Mounts = [{ Type: "bind", Source: folder, Target: "/look", ReadOnly: true }] as const;
    await createContainer(docker, "scanflow-look", { Image: noImage, HostConfig: { Mounts } });
  } catch (error) {
    if (hasStatus(error, 404)) return;
    if (!hasStatus(error, 400) || !String(error).includes("bind source path does not exist")) throw error;
    throw new ScanflowError(
      "SCANFLOW_DOCKER_ELSEWHERE",
      `The Docker daemon at ${endpointText(docker.endpoint)} does not see the files of this machine (${state}), and --on docker hands them over as they lie here. Use a daemon of this machine, share the folder with it, or run on a cluster: --on swarm or --on kubernetes.`,
      { cause: error },
    );
  } finally {
    rmdirSync(folder);
  }
}
