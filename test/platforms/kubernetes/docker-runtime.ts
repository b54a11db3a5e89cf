import type { ServerResponse } from "node:http";
import { join } from "node:path";
import {
  type ContainerSettings,
  createContainer,
  type Docker,
  inspectContainer,
  LogFrames,
  removeContainer,
  startContainer,
  waitForContainer,
} from "../../../packages/scanflow/src/docker/index.ts";
import type { ContainerRuntime, LogRequest, RunningContainer, StartRequest } from "./container-runtime.ts";

/** Label of all containers that were started here, with the network of their cluster. */
export const kubeletLabel = "org.scanflow.test.kubelet";

let count = 0;

/** Runs containers of pods in a Docker daemon, as their security context and limits say. */
export function dockerRuntime(docker: Docker, network: string): ContainerRuntime {
  return {
    async start(request) {
      count++;
      let id: string | undefined;
      try {
        id = await createContainer(
          docker,
          `kubelet-${process.pid}-${Date.now()}-${count}`,
          settingsOf(request, network),
        );
        await startContainer(docker, id);
        return await started(docker, id, network);
      } catch (error) {
        if (id !== undefined) await removeContainer(docker, id);
        return { reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function settingsOf(
  { container, pod, env, command, volume }: StartRequest,
  network: string,
): ContainerSettings {
  const { runAsUser, runAsGroup } = pod.securityContext ?? {};
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = container.securityContext ?? {};
  const { memory } = container.resources?.limits ?? {};
  const mounts = (container.volumeMounts ?? []).toSorted((a, b) => a.mountPath.length - b.mountPath.length);
  return {
    Image: container.image ?? "",
    Entrypoint: command,
    Cmd: [],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(runAsUser !== undefined && { User: `${runAsUser}:${runAsGroup ?? runAsUser}` }),
    WorkingDir: container.workingDir ?? "/",
    Labels: { [kubeletLabel]: network },
    HostConfig: {
      NetworkMode: network,
      // Of all containers of the pod: the node writes their hosts file.
      ExtraHosts: (pod.hostAliases ?? []).flatMap(({ ip, hostnames = [] }) =>
        hostnames.map((name) => `${name}:${ip}`),
      ),
      ReadonlyRootfs: readOnlyRootFilesystem === true,
      SecurityOpt: allowPrivilegeEscalation === false ? ["no-new-privileges"] : [],
      CapDrop: capabilities?.drop ?? [],
      Binds: mounts.map(
        ({ name, subPath, mountPath, readOnly }) =>
          `${join(volume(name), subPath ?? "")}:${mountPath}${readOnly ? ":ro" : ""}`,
      ),
      ...(memory !== undefined && { Memory: bytes(memory), MemorySwap: bytes(memory) }),
    },
  };
}

function bytes(quantity: string): number {
  const [, number = "0", unit = ""] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  return Number(number) * 1024 ** ["", "Ki", "Mi", "Gi"].indexOf(unit);
}

async function started(docker: Docker, id: string, network: string): Promise<RunningContainer> {
  const found = await inspectContainer(docker, id);
  return {
    address: found?.NetworkSettings.Networks[network]?.IPAddress ?? "",
    ended: ended(docker, id),
    async stop(graceSeconds) {
      const path = `/containers/${id}/stop`;
      await docker
        .send({ method: "POST", path, query: { t: graceSeconds }, what: "stop a container" })
        .catch(() => undefined);
    },
    serveLog: (request, response) => serveLog(docker, id, { request, response }),
    remove: () => removeContainer(docker, id),
  };
}

async function serveLog(
  docker: Docker,
  id: string,
  { request, response }: { request: LogRequest; response: ServerResponse },
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const query = {
    ...{ stdout: 1, stderr: 1, timestamps: 1, follow: request.follow ? 1 : 0 },
    ...(request.since && { since: Math.floor(Date.parse(request.since) / 1000) }),
    ...(request.tail && { tail: request.tail }),
  };
  const path = `/containers/${id}/logs`;
  const logs = await docker.open({ method: "GET", path, query, signal: gone.signal, what: "read a log" });
  response.writeHead(200, { "content-type": "text/plain" });
  response.flushHeaders();
  const frames = new LogFrames((_, chunk) => response.write(chunk));
  try {
    for await (const chunk of logs) frames.write(chunk as Buffer);
    response.end();
  } catch {
    response.destroy();
  }
}

async function ended(docker: Docker, id: string): Promise<Awaited<RunningContainer["ended"]>> {
  await (await waitForContainer(docker, id)).exit;
  const { State } = (await inspectContainer(docker, id)) ?? {};
  return { exitCode: State?.ExitCode ?? 137, outOfMemory: State?.OOMKilled ?? false };
}
