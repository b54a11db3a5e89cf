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
  inspectContainer,
  LogFrames,
  listContainers,
  removeContainer,
  startContainer,
} from "../docker/index.ts";
import { dockerName } from "../runners/docker/labels.ts";
import { planDigest, planOf, type ServerPlan, serverLabels, serverSettings } from "./server-settings.ts";

/** Gathers what the plan of a server's container holds of this machine. */
export function planServer(
  docker: Docker,
  given: Pick<ServerPlan, "application" | "root" | "state" | "image" | "port" | "variables">,
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

/**
 * Has the server's container up. One that stands stays when it was made from the same plan, and is replaced otherwise;
 * its runs are kept either way. Errors: SCANFLOW_UP_FAILED with what it said, and those of `Docker`.
 */
export async function startServer(
  docker: Docker,
  plan: ServerPlan,
  signal?: AbortSignal,
): Promise<"started" | "was up"> {
  const others = await findServers(docker, plan.state);
  const [same] = others.filter(
    ({ Labels, State }) => State === "running" && planOf(Labels) === planDigest(plan),
  );
  for (const other of others) if (other !== same) await removeContainer(docker, other.Id);
  const id = same?.Id ?? (await make(docker, plan));
  try {
    await untilHealthy(docker, { id, port: plan.port, signal });
  } catch (error) {
    if (!same) await removeContainer(docker, id);
    throw error;
  }
  return same ? "was up" : "started";
}

async function make(docker: Docker, plan: ServerPlan): Promise<string> {
  const id = await createContainer(docker, dockerName(plan.application, "server"), serverSettings(plan));
  try {
    await startContainer(docker, id);
  } catch (error) {
    await removeContainer(docker, id);
    throw error;
  }
  return id;
}

const lookEveryMs = 100;

interface Awaited {
  readonly id: string;
  readonly port: number;
  readonly signal: AbortSignal | undefined;
}

/** Until it answers, as long as it runs at all. */
async function untilHealthy(docker: Docker, { id, port, signal }: Awaited): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const details = await inspectContainer(docker, id);
    if (!details?.State.Running || details.State.Status === "restarting")
      throw await failure(docker, details);
    if (await answers(port)) return;
    await pause(lookEveryMs, undefined, signal ? { signal } : {});
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
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
