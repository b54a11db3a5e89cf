import type { WorkTask } from "@scanflow/core";
import type { Deployment, PlannedWorkflow } from "../target.ts";
import { nodeHealthcheck } from "./healthcheck.ts";
import { networkOf, workflowsIn } from "./networks.ts";
import {
  appMount,
  dockerSocket,
  labelsFor,
  literal,
  literals,
  type StackService,
  stateMount,
} from "./stack-service.ts";
import type { Trackers } from "./tracker-service.ts";

/** Where containers of tasks reach the engine, on the manager that it runs on. */
const gatewayPort = 7420;

/** Where the engine finds Docker's socket; where it is on the manager is said when the file is deployed. */
const socket = "/var/run/docker.sock";

/** Where its API, its tracker and its page are. */
const serverPort = 8000;

/**
 * The engine: stays up, and runs what is started in it with `scanflow run`, tasks as jobs of the swarm. It stands on a
 * manager, whose Docker it drives through the socket, and keeps its state in a volume there. Online workflows need none.
 */
export function engineService(
  { application, workflows, main, images, options }: Deployment,
  trackers: Trackers,
): Readonly<Record<string, StackService>> {
  const batch = batchWorkflows(workflows);
  if (batch.length === 0) return {};
  const secrets = [...new Set(batch.flatMap(secretsIn))].toSorted();
  const environment = {
    SCANFLOW_STATE_DIR: "/state",
    SCANFLOW_ON: "swarm",
    SCANFLOW_GATEWAY: `0.0.0.0:${gatewayPort}`,
    ...(options.registry !== undefined && { SCANFLOW_REGISTRY: options.registry }),
    ...(secrets.length > 0 && { SCANFLOW_SECRETS: "/run/secrets" }),
    ...(trackers.urls !== "" && { SCANFLOW_TRACKERS: trackers.urls }),
  };
  const published = options.host !== undefined;
  const names = ["scanflow", "127.0.0.1", ...(published ? [options.host ?? ""] : [])];
  return {
    scanflow: {
      image: literal(images.scanflow),
      command: [
        ...["scanflow", "up", "--host", "0.0.0.0", "--port", String(serverPort), "--trust-network"],
        ...names.flatMap((name) => ["--allowed-host", literal(name)]),
      ],
      // Whoever may speak to Docker's socket is as good as root.
      user: "0:0",
      working_dir: "/app",
      environment: literals(environment),
      ...(secrets.length > 0 && { secrets: secrets.map((name) => ({ source: name, target: name })) }),
      volumes: [appMount, stateMount, { type: "bind", source: dockerSocket, target: socket }],
      networks: [...new Set(batch.flatMap(workflowsIn).map(networkOf))],
      ports: [
        { target: gatewayPort, published: gatewayPort, protocol: "tcp", mode: "host" },
        ...(published
          ? ([{ target: serverPort, published: serverPort, protocol: "tcp", mode: "host" }] as const)
          : []),
      ],
      healthcheck: nodeHealthcheck(serverPort, "/health"),
      // What runs goes on as jobs; the engine that comes up next takes it over.
      stop_grace_period: "30s",
      deploy: {
        mode: "replicated",
        replicas: 1,
        endpoint_mode: "dnsrr",
        labels: labelsFor(application, main.plan.workflow),
        // One owner at a time works on the state: the old one ends first.
        update_config: { parallelism: 1, order: "stop-first", failure_action: "rollback" },
        rollback_config: { parallelism: 1, order: "stop-first" },
        restart_policy: { condition: "any", delay: "2s" },
        placement: { constraints: ["node.role == manager"] },
      },
    },
  };
}

/** Those that the engine runs. */
export function batchWorkflows(workflows: readonly PlannedWorkflow[]): readonly PlannedWorkflow[] {
  return workflows.filter(({ plan }) => plan.mode === "batch");
}

function secretsIn({ plan }: PlannedWorkflow): readonly string[] {
  const names = plan.tasks.filter(isWork).flatMap(({ secrets }) => secrets);
  return [...new Set(names)].toSorted();
}

function isWork(task: PlannedWorkflow["plan"]["tasks"][number]): task is WorkTask {
  return "secrets" in task;
}
