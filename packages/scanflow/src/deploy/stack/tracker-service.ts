import { platformName } from "../../platform-name.ts";
import type { Deployment } from "../target.ts";
import { batchWorkflows } from "./engine-service.ts";
import { nodeHealthcheck } from "./healthcheck.ts";
import { networkOf } from "./networks.ts";
import { labelsFor, literal, type StackService, stateMount } from "./stack-service.ts";

/** The port that trackers listen on in their containers. */
const trackerPort = 8003;

export interface Trackers {
  readonly services: Readonly<Record<string, StackService>>;
  /** `SCANFLOW_TRACKERS` of the engine. */
  readonly urls: string;
}

/**
 * The trackers that batch workflows have for themselves, each a server beside the engine, with which it shares the
 * artifacts. A port of Swarm is open to whoever reaches the node: one is published only with `--host`, which says by
 * which name clients come.
 */
export function trackerServices(deployment: Deployment): Trackers {
  const own = ownTrackers(deployment);
  return {
    services: Object.fromEntries(
      own.map((tracker) => [platformName(tracker.name), trackerService(tracker, deployment)]),
    ),
    urls: own.map(({ name }) => `${name}=http://${platformName(name)}:${trackerPort}`).join(" "),
  };
}

export interface OwnTracker {
  readonly name: string;
  readonly port: number | null;
  /** The workflow that has it, alone or nested in others. */
  readonly workflow: string;
}

/** Each once, whichever workflows are nested in which. */
export function ownTrackers({ workflows }: Deployment): readonly OwnTracker[] {
  const found = new Map<string, OwnTracker>();
  for (const { plan } of batchWorkflows(workflows)) {
    for (const { id, name, port, group } of plan.trackers) {
      if (id === "") continue;
      const workflow = plan.groups.find((each) => each.id === group)?.workflow ?? plan.workflow;
      found.set(`${workflow} ${name}`, { name, port, workflow });
    }
  }
  return [...found.values()];
}

function trackerService(
  { name, port, workflow }: OwnTracker,
  { application, images, options: { host } }: Deployment,
): StackService {
  const service = platformName(name);
  const published = host === undefined ? null : port;
  const names = [service, "127.0.0.1", ...(published === null ? [] : [host ?? ""])];
  return {
    image: literal(images.scanflow),
    command: [
      "scanflow",
      "track",
      ...["--host", "0.0.0.0", "--port", String(trackerPort), "--trust-network"],
      ...names.flatMap((each) => ["--allowed-host", literal(each)]),
      ...["--store", `sqlite:////state/stack/${service}.db`, "--artifacts", "/state/artifacts"],
    ],
    // Whose files the engine's are.
    user: "0:0",
    read_only: true,
    cap_drop: ["ALL"],
    volumes: [stateMount, { type: "tmpfs", target: "/tmp" }],
    networks: [networkOf(workflow)],
    ...(published !== null && {
      ports: [{ target: trackerPort, published, protocol: "tcp", mode: "host" }],
    }),
    healthcheck: nodeHealthcheck(trackerPort, "/health"),
    deploy: {
      mode: "replicated",
      replicas: 1,
      endpoint_mode: "dnsrr",
      labels: labelsFor(application, workflow),
      // One server at a time works on a database: the old one ends first.
      update_config: { parallelism: 1, order: "stop-first", failure_action: "rollback" },
      rollback_config: { parallelism: 1, order: "stop-first" },
      restart_policy: { condition: "any", delay: "2s" },
      placement: { constraints: ["node.role == manager"] },
    },
  };
}
