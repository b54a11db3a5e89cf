import { join } from "node:path";
import { kubernetes } from "../../packages/scanflow/src/deploy/kubernetes/kubernetes.ts";
import type { DeployOptions } from "../../packages/scanflow/src/deploy/options.ts";
import { type Running, start } from "../cli.test.support.ts";
import { freePort } from "../platforms/free-port.ts";
import { deployed, type Manifest, manifestsOf } from "./deploy.test.support.ts";

export interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly readinessProbe: {
    readonly httpGet: { readonly path: string; readonly httpHeaders: { value: string }[] };
  };
}

export interface ExportedServer {
  /** The port of the server, and the address of the tracker. */
  readonly port: number;
  readonly tracker: string;
  readonly state: string;
  containerOf(kind: string, name: string): Container;
  /** Starts the server with the command of its manifest. */
  up(): Promise<Running>;
}

export interface ExportedSetting {
  readonly definition: string;
  readonly options?: DeployOptions;
  /** URL of the tracker's database, which the Secret has in a cluster. */
  readonly store: string;
  /** What else the Secret has. */
  readonly secret: Readonly<Record<string, string>>;
}

/** The server and the tracker of an export for Kubernetes as processes, with the commands of their manifests. */
export async function exportedServer(
  folder: string,
  { definition, options, store, secret }: ExportedSetting,
): Promise<ExportedServer> {
  const manifests = manifestsOf(kubernetes, deployed(definition, options));
  const container = (kind: string, name: string) => containerOf(manifests, kind, name);
  const state = join(folder, "state");
  const [port, trackerPort] = [await freePort(), await freePort()];
  const said: Readonly<Record<string, string>> = {
    "8003": String(trackerPort),
    "$(SCANFLOW_STORE)": store,
    "/artifacts": join(state, "artifacts"),
  };
  const trackerWords = container("Deployment", "tracker").command.slice(1);
  const tracker = start(
    folder,
    trackerWords.map((word) => said[word] ?? word),
    { env: secret },
  );
  await tracker.saw("Tracker on");
  const server = container("Deployment", "scanflow");
  const variable = (name: string) => server.env.find((one) => one.name === name)?.value;
  const SCANFLOW_TRACKERS = String(variable("SCANFLOW_TRACKERS")).replace(
    "tracker:8003",
    `127.0.0.1:${trackerPort}`,
  );
  const artifacts = variable("SCANFLOW_ARTIFACTS");
  const env = {
    ...secret,
    ...{ SCANFLOW_STATE_DIR: state, SCANFLOW_TRACKERS },
    ...(artifacts !== undefined && { SCANFLOW_ARTIFACTS: artifacts }),
  };
  const words = server.command.slice(1).map((word) => (word === "8000" ? String(port) : word));
  return {
    ...{ port, tracker: `http://127.0.0.1:${trackerPort}`, state },
    containerOf: container,
    up: async () => {
      const up = start(folder, words, { env });
      await up.saw("Scanflow is up on");
      return up;
    },
  };
}

function containerOf(manifests: readonly Manifest[], kind: string, name: string): Container {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  const { spec } = JSON.parse(JSON.stringify(found));
  return (spec.jobTemplate?.spec ?? spec).template.spec.containers[0];
}
