import type { PlanTracker } from "@scanflow/core";
import type { Deployment } from "../target.ts";
import { type ComposeLayout, PREPARE } from "./layout.ts";
import { hardened, volumes } from "./task-service.ts";

/** On which a tracker listens in its container. */
export const TRACKER_PORT = 8003;

/** Where MLflow's clients look for a tracker on their own machine. */
const USUAL_PORT = 5000;

/** A tracker's container: a volume for its database, the engine's artifacts, and a port on this machine. */
export function trackerService(
  tracker: PlanTracker,
  networks: readonly string[],
  { layout, deployment }: { readonly layout: ComposeLayout; readonly deployment: Deployment },
): object {
  const name = layout.tracker(tracker);
  const port = tracker.port ?? (tracker.id === "" ? `\${SCANFLOW_TRACKER_PORT:-${USUAL_PORT}}` : null);
  const where = ["--host", "0.0.0.0", "--port", String(TRACKER_PORT)];
  // Only this project's networks and programs of this machine reach it.
  const who = ["--trust-network", "--allowed-host", name];
  const what = ["--store", "sqlite:////mlflow/tracker.db", "--artifacts", volumes.artifacts.at];
  return {
    image: deployment.images.scanflow,
    entrypoint: ["scanflow", "track", ...where, ...who, ...what],
    command: [],
    ...hardened,
    tmpfs: ["/tmp"],
    volumes: [
      { type: "volume", source: name, target: "/mlflow" },
      { type: "volume", source: volumes.artifacts.name, target: volumes.artifacts.at },
    ],
    networks,
    ...(port !== null && { ports: [`127.0.0.1:${port}:${TRACKER_PORT}`] }),
    healthcheck: listensOn(TRACKER_PORT),
    depends_on: { [PREPARE]: { condition: "service_completed_successfully" } },
  };
}

/**
 * Healthy as soon as the port is open; asked by the Node of the image, which has no other client. Each time it is asked a
 * program starts, and a project may stay up for days: once it was healthy, each answer takes its time.
 */
export function listensOn(port: number): object {
  const script = `require("node:net").connect(${port}, "127.0.0.1").on("connect", () => process.exit(0))`;
  const rest = "if [ -e /tmp/listens ]; then exec sleep 30; else : > /tmp/listens; fi";
  return {
    test: ["CMD-SHELL", `node -e '${script}' && ${rest}`],
    interval: "1s",
    timeout: "60s",
    retries: 60,
    start_period: "60s",
  };
}
