import type { V1Deployment, V1Service } from "@kubernetes/client-node";
import type { PlanTracker } from "@scanflow/core";
import { platformName } from "../../platform-name.ts";
import type { Deployment } from "../target.ts";
import { artifactPlace } from "./artifact-place.ts";
import { confined, confinedPod, temporary } from "./confined.ts";
import { metadataOf, type Role, type Surroundings, selectorOf } from "./objects.ts";

/** A tracker of workflows, which is a server of its own in the cluster. */
export interface ClusterTracker {
  /** As the definition names it. */
  readonly name: string;
  readonly role: Role;
  /** Of its Service. */
  readonly port: number;
  /** Key of the Secret that holds the URL of its database. */
  readonly storeKey: string;
}

/** On which a tracker listens in its container, as the decks draw it. */
const containerPort = 8003;

/** Of workflows without a tracker of their own; `*` is what `SCANFLOW_TRACKERS` calls it. */
const embedded: ClusterTracker = {
  name: "*",
  role: { component: "tracker", name: "tracker" },
  port: containerPort,
  storeKey: "SCANFLOW_STORE",
};

/** The embedded tracker, and those that the workflows name, each once however many name it. */
export function trackersOf({ workflows }: Deployment): readonly ClusterTracker[] {
  const named = new Map<string, PlanTracker>();
  for (const { plan } of workflows) {
    for (const tracker of plan.trackers) {
      if (tracker.id !== "" && !named.has(tracker.name)) named.set(tracker.name, tracker);
    }
  }
  const own = [...named.values()].map(({ name, port }) => ({
    name,
    role: { component: "tracker", name: nameOf(name) },
    port: port ?? containerPort,
    storeKey: `SCANFLOW_STORE_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`,
  }));
  return [embedded, ...own];
}

/** Two trackers may not get one name in the cluster. */
function nameOf(name: string): string {
  return platformName(name === embedded.role.name ? `${name}-own` : name);
}

/** What the server takes as `SCANFLOW_TRACKERS`. */
export function trackerAddresses(trackers: readonly ClusterTracker[]): string {
  return trackers.map(({ name, role, port }) => `${name}=http://${role.name}:${port}`).join(" ");
}

export type TrackerManifest = V1Deployment | V1Service;

/** Its rows lie in PostgreSQL, by the URL in the Secret; its files where the server puts them, too. */
export function trackerManifests(around: Surroundings, tracker: ClusterTracker): readonly TrackerManifest[] {
  const { role, port } = tracker;
  const service: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(around, role),
    spec: {
      selector: selectorOf(around, role),
      ports: [{ name: "http", port, targetPort: "http" }],
    },
  };
  return [trackerDeployment(around, tracker), service];
}

function trackerDeployment(around: Surroundings, { role, storeKey }: ClusterTracker): V1Deployment {
  const { deployment, secret } = around;
  const artifacts = artifactPlace(around);
  const names = [role.name, `${role.name}.${around.namespace}`, `${role.name}.${around.namespace}.svc`];
  const allowed = names.flatMap((name) => ["--allowed-host", name]);
  // Probes name the pod's address, which the tracker takes for a stranger's name.
  const httpHeaders = [{ name: "Host", value: role.name }];
  const probe = (path: string) => ({ httpGet: { path, port: "http", httpHeaders } });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(around, role),
    spec: {
      replicas: 1,
      selector: { matchLabels: selectorOf(around, role) },
      template: {
        metadata: { labels: selectorOf(around, role) },
        spec: {
          ...confinedPod,
          terminationGracePeriodSeconds: 30,
          containers: [
            {
              name: "tracker",
              image: deployment.images.scanflow,
              command: [
                "scanflow",
                "track",
                ...["--host", "0.0.0.0", "--port", String(containerPort)],
                ...["--store", "$(SCANFLOW_STORE)", "--artifacts", artifacts.location, "--drain", "10s"],
                ...allowed,
                // Who may come is the network policy's business.
                "--trust-network",
              ],
              env: [
                { name: "HOME", value: "/tmp" },
                { name: "SCANFLOW_STORE", valueFrom: { secretKeyRef: { name: secret, key: storeKey } } },
                ...artifacts.tracker,
              ],
              ports: [{ name: "http", containerPort }],
              startupProbe: { ...probe("/health"), periodSeconds: 2, failureThreshold: 60 },
              livenessProbe: { ...probe("/health"), periodSeconds: 20, timeoutSeconds: 5 },
              readinessProbe: { ...probe("/ready"), periodSeconds: 5, timeoutSeconds: 5 },
              resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
              volumeMounts: [...artifacts.mountedAt(artifacts.location), temporary.mount],
              ...confined,
            },
          ],
          volumes: [...artifacts.volumes, temporary.volume],
        },
      },
    },
  };
}
