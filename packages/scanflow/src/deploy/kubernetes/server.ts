import type {
  V1Deployment,
  V1EnvVar,
  V1Ingress,
  V1PersistentVolumeClaim,
  V1Service,
} from "@kubernetes/client-node";
import { serverAccount } from "./access.ts";
import type { FilesInCluster } from "./application-files.ts";
import { artifactPlace } from "./artifact-place.ts";
import { confined, confinedPod, temporary } from "./confined.ts";
import { imagesFile } from "./image-table.ts";
import { keptMetadata, metadataOf, type Role, type Surroundings, selectorOf } from "./objects.ts";
import { type ClusterTracker, trackerAddresses } from "./trackers.ts";

/** The one owner of the application's state, in which runs are started, by schedule and by hand. */
export const serverRole: Role = { component: "server", name: "scanflow" };

/** Where it answers the API and shows the page. */
export const serverPort = 8000;
/** Where pods of attempts fetch inputs and hand in outputs. */
export const gatewayPort = 8080;

/** Key of the Secret: the token that opens the API. */
export const tokenKey = "SCANFLOW_SERVER_TOKEN";

const stateFolder = "/state";

export interface ServerParts {
  readonly files: FilesInCluster;
  readonly trackers: readonly ClusterTracker[];
}

export function serverManifests(
  around: Surroundings,
  parts: ServerParts,
): readonly (V1Deployment | V1Service | V1Ingress)[] {
  const service: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(around, serverRole),
    spec: {
      selector: selectorOf(around, serverRole),
      ports: [
        { name: "http", port: serverPort, targetPort: "http" },
        { name: "gateway", port: gatewayPort, targetPort: "gateway" },
      ],
    },
  };
  return [serverDeployment(around, parts), service, ...ingress(around)];
}

function serverDeployment(around: Surroundings, { files, trackers }: ServerParts): V1Deployment {
  const { images, options } = around.deployment;
  const { name } = serverRole;
  const artifacts = artifactPlace(around);
  const labels = selectorOf(around, serverRole);
  const app = { name: "app", mountPath: "/app" };
  const names = [name, `${name}.${around.namespace}`, `${name}.${around.namespace}.svc`];
  const allowed = options.host === undefined ? names : [...names, options.host];
  // Probes name the pod's address, which the server takes for a stranger's name.
  const httpHeaders = [{ name: "Host", value: name }];
  const httpGet = { path: "/health", port: "http", httpHeaders };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(around, serverRole),
    spec: {
      replicas: 1,
      // Two owners of one state there may not be, not even for the time of an update.
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...confinedPod,
          serviceAccountName: serverAccount.name,
          automountServiceAccountToken: true,
          terminationGracePeriodSeconds: 60,
          initContainers: [
            {
              name: "files",
              image: images.scanflow,
              // Plain files, since digests of code and data do not follow links.
              command: ["cp", "-RL", "/files/.", "/app/"],
              resources: { requests: { cpu: "50m", memory: "32Mi" }, limits: { memory: "128Mi" } },
              volumeMounts: [{ name: files.volume.name, mountPath: "/files", readOnly: true }, app],
              ...confined,
            },
          ],
          containers: [
            {
              name: "server",
              image: images.scanflow,
              command: [
                ...["scanflow", "up", "--host", "0.0.0.0", "--port", String(serverPort)],
                ...allowed.flatMap((each) => ["--allowed-host", each]),
                // Who may come is the network policy's business; CronJobs keep the schedules.
                ...["--trust-network", "--no-schedules"],
              ],
              workingDir: "/app",
              env: environmentOf(around, trackers),
              // The secrets of tasks, which are read at the last moment.
              envFrom: [{ secretRef: { name: around.secret } }],
              ports: [
                { name: "http", containerPort: serverPort },
                { name: "gateway", containerPort: gatewayPort },
              ],
              startupProbe: { httpGet, periodSeconds: 2, failureThreshold: 90 },
              livenessProbe: { httpGet, periodSeconds: 20, timeoutSeconds: 10 },
              readinessProbe: { httpGet, periodSeconds: 5, timeoutSeconds: 5 },
              resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "2Gi" } },
              volumeMounts: [
                { ...app, readOnly: true },
                { name: "state", mountPath: stateFolder },
                ...artifacts.mountedAt(`${stateFolder}/artifacts`),
                { name: "images", mountPath: imagesFile.folder, readOnly: true },
                temporary.mount,
              ],
              ...confined,
            },
          ],
          volumes: [
            files.volume,
            { name: "images", configMap: { name: "images" } },
            { name: "app", emptyDir: {} },
            { name: "state", persistentVolumeClaim: { claimName: "state" } },
            ...artifacts.volumes,
            temporary.volume,
          ],
        },
      },
    },
  };
}

function environmentOf(around: Surroundings, trackers: readonly ClusterTracker[]): V1EnvVar[] {
  return [
    { name: "HOME", value: "/tmp" },
    { name: "SCANFLOW_ON", value: "kubernetes" },
    { name: "SCANFLOW_STATE_DIR", value: stateFolder },
    { name: "SCANFLOW_KUBERNETES_NAMESPACE", value: around.namespace },
    // The name stays when the pod is another one: attempts that outlive it find the next.
    { name: "SCANFLOW_KUBERNETES_GATEWAY", value: `${serverRole.name}:${gatewayPort}` },
    { name: "SCANFLOW_IMAGES", value: `${imagesFile.folder}/${imagesFile.name}` },
    { name: "SCANFLOW_TRACKERS", value: trackerAddresses(trackers) },
    ...artifactPlace(around).server,
  ];
}

/** What an owner alone knows: events, the cache, logs; and artifacts where no volume of their own holds them. */
export function stateVolume(around: Surroundings): V1PersistentVolumeClaim {
  const storage = artifactPlace(around).claims.length > 0 ? "10Gi" : "30Gi";
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: keptMetadata(around, "state"),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  };
}

function ingress(around: Surroundings): readonly V1Ingress[] {
  const { host } = around.deployment.options;
  if (host === undefined) return [];
  const backend = { service: { name: serverRole.name, port: { name: "http" } } };
  // What the token opens, and nothing else of what the port answers.
  const paths = [{ path: "/api/v1", pathType: "Prefix", backend }];
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: metadataOf(around, serverRole),
      spec: {
        tls: [{ hosts: [host], secretName: `${serverRole.name}-tls` }],
        rules: [{ host, http: { paths } }],
      },
    },
  ];
}
