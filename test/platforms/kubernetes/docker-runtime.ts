import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { ContainerRuntime, RunningContainer, StartRequest } from "./container-runtime.ts";

const run = promisify(execFile);

/** Label of all containers that were started here, so that a test can see that none is left. */
export const kubeletLabel = "org.scanflow.test.kubelet";

/** Runs containers of pods in a Docker daemon, as their security context and limits say. */
export function dockerRuntime(env: NodeJS.ProcessEnv, network: string): ContainerRuntime {
  const docker = async (...words: string[]) =>
    (await run("docker", words, { env, maxBuffer: 1 << 26 })).stdout.trim();
  return {
    async start(request) {
      let id = "";
      try {
        id = await docker("create", `--network=${network}`, ...options(request));
        await docker("start", id);
      } catch (error) {
        if (id !== "") await docker("rm", "--force", id).catch(() => undefined);
        return { reason: error instanceof Error && "stderr" in error ? String(error.stderr) : String(error) };
      }
      return started(id, env, docker);
    },
  };
}

function options({ container, pod, env, command, volume }: StartRequest): string[] {
  const { runAsUser, runAsGroup } = pod.securityContext ?? {};
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = container.securityContext ?? {};
  const { memory } = container.resources?.limits ?? {};
  const mounts = (container.volumeMounts ?? []).toSorted((a, b) => a.mountPath.length - b.mountPath.length);
  const [entry = "", ...words] = command;
  return [
    `--label=${kubeletLabel}`,
    ...(runAsUser === undefined ? [] : [`--user=${runAsUser}:${runAsGroup}`]),
    ...(readOnlyRootFilesystem ? ["--read-only"] : []),
    ...(allowPrivilegeEscalation === false ? ["--security-opt=no-new-privileges"] : []),
    ...(capabilities?.drop ?? []).map((name) => `--cap-drop=${name}`),
    ...(memory === undefined ? [] : [`--memory=${bytes(memory)}`, `--memory-swap=${bytes(memory)}`]),
    ...mounts.map(
      ({ name, subPath, mountPath, readOnly }) =>
        `--volume=${join(volume(name), subPath ?? "")}:${mountPath}${readOnly ? ":ro" : ""}`,
    ),
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    `--workdir=${container.workingDir ?? "/"}`,
    `--entrypoint=${entry}`,
    container.image ?? "",
    ...words,
  ];
}

function bytes(quantity: string): number {
  const [, number = "0", unit = ""] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  return Number(number) * 1024 ** ["", "Ki", "Mi", "Gi"].indexOf(unit);
}

function started(
  id: string,
  env: NodeJS.ProcessEnv,
  docker: (...words: string[]) => Promise<string>,
): RunningContainer {
  return {
    ended: ended(id, docker),
    async stop(graceSeconds) {
      await docker("stop", `--time=${graceSeconds}`, id).catch(() => undefined);
    },
    async serveLog({ follow, since, tail }, response) {
      const words = [
        "logs",
        "--timestamps",
        ...(follow ? ["--follow"] : []),
        ...(since ? [`--since=${since}`] : []),
      ];
      const logs = spawn("docker", [...words, ...(tail ? [`--tail=${tail}`] : []), id], { env });
      response.writeHead(200, { "content-type": "text/plain" });
      response.flushHeaders();
      response.on("close", () => logs.kill());
      logs.stderr.pipe(response, { end: false });
      const closed = once(logs, "close");
      await pipeline(logs.stdout, response, { end: false }).catch(() => undefined);
      await closed;
      response.end();
    },
    async remove() {
      await docker("rm", "--force", "--volumes", id).catch(() => undefined);
    },
  };
}

async function ended(id: string, docker: (...words: string[]) => Promise<string>): RunningContainer["ended"] {
  const exitCode = Number(await docker("wait", id).catch(() => "137"));
  const oom = await docker("inspect", "--format={{.State.OOMKilled}}", id).catch(() => "false");
  return { exitCode, outOfMemory: oom === "true" };
}
