import type { PlanTracker } from "@scanflow/core";
import { imageUser } from "../../images/index.ts";
import { platformName } from "../../platform-name.ts";
import type { Deployment, PlannedWorkflow } from "../target.ts";
import { type ComposeLayout, ENGINE, layOut, PREPARE } from "./layout.ts";
import { application, GATEWAY_PORT, hardened, TOKEN_FILE, taskService, volumes } from "./task-service.ts";
import { listensOn, TRACKER_PORT, trackerService } from "./tracker-service.ts";

/**
 * A workflow as a Compose project: the engine, a container for each tracker and for each task, a network for each
 * nested workflow. The engine decides; containers of tasks ask it for work.
 */
export function composeFile({ plan, digest }: PlannedWorkflow, deployment: Deployment): object {
  const layout = layOut(plan);
  const networks = plan.groups.map(layout.network);
  const servers = Map.groupBy(plan.trackers, layout.tracker);
  const trackers = [...servers].map(([name, same]) => {
    const ids = new Set(same.map(({ id }) => id));
    const own = plan.groups.filter((group) => ids.has(group.tracker)).map(layout.network);
    const [tracker] = same as [PlanTracker];
    return [name, trackerService(tracker, own, { layout, deployment })] as const;
  });
  const names = [...servers.keys()];
  const services = {
    [PREPARE]: prepareService(names, deployment),
    [ENGINE]: engineService({ plan, digest }, layout, deployment),
    ...Object.fromEntries(trackers),
    ...Object.fromEntries(
      layout.tasks.map((task) => [layout.service(task), taskService(task, layout, deployment)]),
    ),
  };
  const labels = {
    "org.scanflow.application": plan.application,
    "org.scanflow.workflow": plan.workflow,
    "org.scanflow.plan": digest,
  };
  const own = Object.values(volumes).map(({ name }) => name);
  return {
    name: platformName(projectOf(plan)),
    services: Object.fromEntries(
      Object.entries(services).map(([name, service]) => [name, { ...service, labels }]),
    ),
    networks: Object.fromEntries(networks.map((name) => [name, { labels }])),
    volumes: Object.fromEntries([...own, ...names].map((name) => [name, { labels }])),
  };
}

/** Volumes belong to root when they are made: they are given to the user of our images, who is nobody else's. */
function prepareService(trackers: readonly string[], { images }: Deployment): object {
  const own = [volumes.door, volumes.state, volumes.artifacts].map(({ name, at }) => ({ name, at }));
  const mounted = [...own, ...trackers.map((name) => ({ name, at: `/trackers/${name}` }))];
  const { name, at } = volumes.work;
  const script = [`chmod 1777 ${at}`, ...mounted.map((one) => `chown ${imageUser} ${one.at}`)].join(" && ");
  return {
    image: images.scanflow,
    user: "0:0",
    network_mode: "none",
    entrypoint: ["sh", "-c", script],
    command: [],
    volumes: [...mounted, { name, at }].map((one) => ({ type: "volume", source: one.name, target: one.at })),
  };
}

function engineService({ plan }: PlannedWorkflow, layout: ComposeLayout, deployment: Deployment): object {
  const secrets = [...new Set(layout.tasks.flatMap((task) => task.secrets))].sort();
  const trackers = plan.trackers.map(
    (tracker) => `${tracker.id === "" ? "*" : tracker.id}=http://${layout.tracker(tracker)}:${TRACKER_PORT}`,
  );
  const run = ["run", plan.workflow, "--on", "worker", "--stay"];
  const mounts = [volumes.door, volumes.state, volumes.artifacts].map(({ name, at }) => ({
    type: "volume",
    source: name,
    target: at,
  }));
  return {
    image: deployment.images.scanflow,
    entrypoint: ["scanflow", "-C", "/app", ...run, "--params", fromOutside("SCANFLOW_PARAMS")],
    command: [],
    ...hardened,
    tmpfs: ["/tmp"],
    environment: {
      SCANFLOW_STATE_DIR: volumes.state.at,
      SCANFLOW_GATEWAY: `0.0.0.0:${GATEWAY_PORT}`,
      SCANFLOW_GATEWAY_TOKEN_FILE: TOKEN_FILE,
      // At its end it waits until each container has heard so, since they start one after the other: in seconds.
      SCANFLOW_GATEWAY_PATIENCE: "600",
      SCANFLOW_TRACKERS: trackers.join(" "),
      // Handed to the tasks that name them; from this machine's environment, or the file .env beside this one.
      ...Object.fromEntries(secrets.map((name) => [name, fromOutside(name)])),
    },
    volumes: [application(deployment), ...mounts],
    networks: plan.groups.map(layout.network),
    healthcheck: listensOn(GATEWAY_PORT),
    depends_on: Object.fromEntries([
      [PREPARE, { condition: "service_completed_successfully" }],
      ...plan.trackers.map((tracker) => [layout.tracker(tracker), { condition: "service_healthy" }]),
    ]),
  };
}

/** A variable of who calls Compose, or of the file `.env` beside this one; nothing where it is not set. */
function fromOutside(name: string): string {
  return `\${${name}:-}`;
}

function projectOf({ application, workflow }: PlannedWorkflow["plan"]): string {
  return application === workflow ? `scanflow-${application}` : `scanflow-${application}-${workflow}`;
}
