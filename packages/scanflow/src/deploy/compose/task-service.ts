import type { Resources, WorkTask } from "@scanflow/core";
import type { Deployment } from "../target.ts";
import { type ComposeLayout, ENGINE } from "./layout.ts";

/** What every container of a project has in common: it cannot change itself, and has no rights it does not need. */
export const hardened = {
  init: true,
  read_only: true,
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
} as const;

/** Where the engine listens for the containers of tasks. */
export const GATEWAY_PORT = 7233;

/** Volumes that containers share, and where they find them. */
export const volumes = {
  /** The token that tells containers of this project from others; the engine makes it. */
  door: { name: "door", at: "/door" },
  /** Files of attempts, one folder for each container. */
  work: { name: "work", at: "/scanflow" },
  state: { name: "state", at: "/state" },
  artifacts: { name: "artifacts", at: "/state/artifacts" },
} as const;

export const TOKEN_FILE = `${volumes.door.at}/token`;

/** Text in which Compose puts no variables. */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** A bind mount of the application's folder, which nobody may write to. */
export function application(deployment: Deployment): object {
  const source = deployment.options.source ?? ".";
  return { type: "bind", source, target: "/app", read_only: true };
}

/** The container of a task: it asks the engine for its task's attempts and ends when there are no more. */
export function taskService(task: WorkTask, layout: ComposeLayout, deployment: Deployment): object {
  const { image, shim } = deployment.images.worker(task);
  const name = layout.service(task);
  const depends = Object.fromEntries([
    [ENGINE, { condition: "service_healthy" }],
    ...layout
      .before(task)
      .map(({ service, ended }) => [
        service,
        { condition: ended ? "service_completed_successfully" : "service_started" },
      ]),
  ]);
  return {
    image,
    // The engine says how the task ended; so that what is to follow on a failure starts too, this container ends well.
    entrypoint: [...shim, "run", literal(task.id)],
    command: [],
    ...hardened,
    working_dir: "/app",
    environment: {
      SCANFLOW_GATEWAY: `http://${ENGINE}:${GATEWAY_PORT}`,
      SCANFLOW_GATEWAY_TOKEN_FILE: TOKEN_FILE,
      SCANFLOW_FOLDER: `${volumes.work.at}/${name}`,
      HOME: "/tmp",
    },
    tmpfs: ["/tmp"],
    volumes: [
      application(deployment),
      { type: "volume", source: volumes.door.name, target: volumes.door.at, read_only: true },
      { type: "volume", source: volumes.work.name, target: volumes.work.at },
    ],
    ...reached(task, layout),
    depends_on: depends,
    ...limits(task.resources),
  };
}

/** A service has the name of its node in its network, and a port of this machine where it asks for one. */
function reached(task: WorkTask, layout: ComposeLayout): object {
  const network = layout.networkOf(task);
  if (!task.service) return { networks: [network] };
  const { port } = task.service;
  return {
    networks: { [network]: { aliases: layout.aliases(task) } },
    ...(port !== null && { ports: [`127.0.0.1:${port}:${port}`] }),
  };
}

/** What a task asks for is all that it gets. */
function limits({ cpu, memory, gpu }: Resources): object {
  const most = { ...(cpu > 0 && { cpus: String(cpu) }), ...(memory > 0 && { memory: String(memory) }) };
  const devices = [{ driver: "nvidia", count: gpu, capabilities: ["gpu"] }];
  const resources = {
    ...(Object.keys(most).length > 0 && { limits: most }),
    ...(gpu > 0 && { reservations: { devices } }),
  };
  return Object.keys(resources).length > 0 ? { deploy: { resources } } : {};
}
