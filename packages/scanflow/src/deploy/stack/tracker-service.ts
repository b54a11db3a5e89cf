import type { PlanTracker } from "@scanflow/core";
import { platformName } from "../names.ts";
import type { Deployment } from "../target.ts";
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
 * The trackers that the workflows of the main plan have for themselves, each a server beside the engine, with which it
 * shares the artifacts. A port of Swarm is open to whoever reaches the node: one is published only with `--host`, which
 * says by which name clients come.
 */
export function trackerServices(deployment: Deployment): Trackers {
  const { main } = deployment;
  if (main.plan.mode === "online") return { services: {}, urls: "" };
  const own = main.plan.trackers.filter(({ id }) => id !== "");
  const named = own.map((tracker) => {
    const alone = own.filter(({ name }) => name === tracker.name).length === 1;
    return { tracker, service: platformName(alone ? tracker.name : tracker.id.replaceAll("/", "-")) };
  });
  return {
    services: Object.fromEntries(
      named.map(({ tracker, service }) => [service, trackerService(tracker, service, deployment)]),
    ),
    urls: named.map(({ tracker: { id }, service }) => `${id}=http://${service}:${trackerPort}`).join(" "),
  };
}

function trackerService(
  { group, port }: PlanTracker,
  service: string,
  { application, main, images, options: { host } }: Deployment,
): StackService {
  const workflow = main.plan.groups.find(({ id }) => id === group)?.workflow ?? main.plan.workflow;
  const published = host === undefined ? null : port;
  const names = [service, "127.0.0.1", ...(published === null ? [] : [host ?? ""])];
  return {
    image: literal(images.scanflow),
    command: [
      "scanflow",
      "track",
      ...["--host", "0.0.0.0", "--port", String(trackerPort), "--trust-network"],
      ...names.flatMap((name) => ["--allowed-host", literal(name)]),
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
