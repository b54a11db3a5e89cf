import type { WorkTask } from "@scanflow/core";
import type { Deployment, PlannedWorkflow } from "../target.ts";
import { networkOf, workflowsIn } from "./networks.ts";
import { appMount, labelsFor, literal, literals, type StackService, stateMount } from "./stack-service.ts";
import type { Trackers } from "./tracker-service.ts";

/** Where containers of tasks reach the engine, on the manager that it runs on. */
export const gatewayPort = 7420;

const socket = "/var/run/docker.sock";

/**
 * The engine: runs the main workflow when the stack is deployed, its tasks as jobs of the swarm. It stands on a manager,
 * whose Docker it drives through the socket, and keeps its state in a volume there. Online workflows need none.
 */
export function engineService(
  { application, main, images, options }: Deployment,
  trackers: Trackers,
): Readonly<Record<string, StackService>> {
  if (main.plan.mode === "online") return {};
  const { workflow } = main.plan;
  const secrets = secretsIn(main);
  const environment = {
    SCANFLOW_STATE_DIR: "/state",
    SCANFLOW_GATEWAY: `0.0.0.0:${gatewayPort}`,
    ...(options.registry !== undefined && { SCANFLOW_REGISTRY: options.registry }),
    ...(secrets.length > 0 && { SCANFLOW_SECRETS: "/run/secrets" }),
    ...(trackers.urls !== "" && { SCANFLOW_TRACKERS: trackers.urls }),
  };
  return {
    scanflow: {
      image: literal(images.scanflow),
      command: ["scanflow", "run", literal(workflow), "--on", "swarm"],
      // Whoever may speak to Docker's socket is as good as root.
      user: "0:0",
      working_dir: "/app",
      environment: literals(environment),
      ...(secrets.length > 0 && { secrets: secrets.map((name) => ({ source: name, target: name })) }),
      volumes: [appMount, stateMount, { type: "bind", source: socket, target: socket }],
      networks: workflowsIn(main).map(networkOf),
      ports: [{ target: gatewayPort, published: gatewayPort, protocol: "tcp", mode: "host" }],
      deploy: {
        mode: "replicated-job",
        replicas: 1,
        endpoint_mode: "dnsrr",
        labels: labelsFor(application, workflow),
        // A run that failed is for a person to look at.
        restart_policy: { condition: "none" },
        placement: { constraints: ["node.role == manager"] },
      },
    },
  };
}

function secretsIn({ plan }: PlannedWorkflow): readonly string[] {
  const names = plan.tasks.filter(isWork).flatMap(({ secrets }) => secrets);
  return [...new Set(names)].toSorted();
}

function isWork(task: PlannedWorkflow["plan"]["tasks"][number]): task is WorkTask {
  return "secrets" in task;
}
