import { mkdirSync, statSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { ScanflowError } from "@scanflow/core";
import {
  type ContainerDetails,
  type ContainerSummary,
  containerLogs,
  createContainer,
  type Docker,
  endpointText,
  hasStatus,
  inspectContainer,
  LogFrames,
  listContainers,
  removeContainer,
  startContainer,
} from "../docker/index.ts";
import { dockerName } from "../runners/docker/labels.ts";
import {
  planDigest,
  planOf,
  type ServerPlan,
  serverLabels,
  serverSettings,
  stateDigest,
} from "./server-settings.ts";

/** Gathers what the plan of a server's container holds of this machine. */
export function planServer(
  docker: Docker,
  given: Pick<ServerPlan, "application" | "root" | "state" | "image" | "port" | "folders" | "variables">,
): ServerPlan {
  const { endpoint } = docker;
  const socket =
    endpoint.kind === "socket" ? { path: endpoint.path, gid: statSync(endpoint.path).gid } : null;
  const uid = process.getuid?.() ?? 1000;
  mkdirSync(given.state, { recursive: true, mode: 0o700 });
  return {
    ...given,
    dockerHost: endpointText(endpoint),
    socket,
    user: { uid, gid: process.getgid?.() ?? uid },
  };
}

/** The containers of the server of a state folder: none or one, unless somebody made more. */
export function findServers(docker: Docker, state: string): Promise<readonly ContainerSummary[]> {
  return listContainers(docker, labelFilter(serverLabels(state)));
}

export interface StartOptions {
  /** Whether the owner of the plan's state answers at its port: somebody else's server may be there. */
  readonly isUp: () => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/**
 * Has the server's container up. One that stands stays when it was made from the same plan, and is replaced otherwise;
 * its runs are kept either way. Errors: SCANFLOW_UP_FAILED with what it said, and those of `Docker`.
 */
export async function startServer(
  docker: Docker,
  plan: ServerPlan,
  { isUp, signal }: StartOptions,
): Promise<"started" | "was up"> {
  const others = await findServers(docker, plan.state);
  const [same] = others.filter(
    ({ Labels, State }) => State === "running" && planOf(Labels) === planDigest(plan),
  );
  for (const other of others) if (other !== same) await removeContainer(docker, other.Id);
  const id = same?.Id ?? (await make(docker, plan));
  try {
    await untilUp(docker, id, { isUp, ...(signal && { signal }) });
  } catch (error) {
    if (!same) await removeContainer(docker, id);
    throw error;
  }
  return same ? "was up" : "started";
}

async function make(docker: Docker, plan: ServerPlan): Promise<string> {
  const settings = serverSettings(plan);
  const id = await createContainer(docker, dockerName(plan.application, "server"), settings).catch(
    (error: unknown) => {
      // An application of the same name in another folder has it.
      if (!hasStatus(error, 409)) throw error;
      return createContainer(
        docker,
        dockerName(plan.application, stateDigest(plan.state), "server"),
        settings,
      );
    },
  );
  try {
    await startContainer(docker, id);
  } catch (error) {
    await removeContainer(docker, id);
    throw error;
  }
  return id;
}

const lookEveryMs = 100;

/** Until it answers, as long as it runs at all. */
async function untilUp(docker: Docker, id: string, { isUp, signal }: StartOptions): Promise<void> {
  let restarts: number | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const details = await inspectContainer(docker, id);
    restarts ??= details?.RestartCount;
    const goesOn = details?.State.Running && details.RestartCount === restarts;
    if (!goesOn || details.State.Status === "restarting") throw await failure(docker, details);
    if (await isUp()) return;
    await pause(lookEveryMs, undefined, signal ? { signal } : {});
  }
}

async function failure(docker: Docker, details: ContainerDetails | undefined): Promise<ScanflowError> {
  const said = details ? await logOf(docker, details.Id).catch(() => "") : "";
  return new ScanflowError(
    "SCANFLOW_UP_FAILED",
    `The server's container ended${details ? ` with exit code ${details.State.ExitCode}` : ""}. ${said === "" ? "It said nothing." : `It said:\n${said}`}\nCorrect what it says there, then try again.`,
  );
}

const mostLines = 20;

async function logOf(docker: Docker, id: string): Promise<string> {
  const lines: string[] = [];
  const frames = new LogFrames((_, chunk) => lines.push(chunk.toString("utf8")));
  const stream = await containerLogs(docker, id);
  for await (const chunk of stream) frames.write(chunk as Buffer);
  return lines.join("").trimEnd().split("\n").slice(-mostLines).join("\n");
}

function labelFilter(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}
