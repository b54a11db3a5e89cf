import { remoteCommand } from "../../../packages/scanflow/src/runners/contract/remote-command.ts";
import type { ManifestRequest } from "../../../packages/scanflow/src/runners/kubernetes/manifest.ts";
import type { AttemptSpec } from "../../../packages/scanflow/src/runners/runner.ts";

const spec: AttemptSpec = {
  run: "01JABC",
  task: "train",
  attempt: 1,
  token: "t0ken",
  workdir: "/nowhere",
  root: "/nowhere",
  command: { kind: "command", command: ["python", "train.py"] },
  inputs: {},
  outputs: {},
  params: {},
  environment: { kind: "host" },
  env: {},
  secrets: [],
  timeout: { startMs: null, runMs: null, heartbeatMs: null },
  tracking: { uri: "http://tracker", experimentId: "1", runId: "r" },
  checkpoint: "/nowhere",
  log: "/nowhere",
};

/** What an attempt asks for; `about`: of what its command and its names are made. */
export function request(
  changes: Partial<ManifestRequest> = {},
  about: Partial<AttemptSpec> = {},
): ManifestRequest {
  const tracking = { MLFLOW_TRACKING_URI: "http://gateway", MLFLOW_TRACKING_TOKEN: "tracker token" };
  return {
    place: { ...spec, ...about },
    belonging: { application: "digits", workflow: "train", owner: "0123abcd" },
    images: { main: "registry:5000/scanflow/digits:abc", shim: "registry:5000/scanflow/scanflow:0.1.0-abc" },
    shim: ["node", "/opt/scanflow/dist/shim/main.js"],
    command: remoteCommand({ ...spec, ...about }, { secrets: { API_KEY: "very secret" }, tracking }),
    gateway: { SCANFLOW_GATEWAY: "http://10.0.0.1:80", SCANFLOW_GATEWAY_TOKEN: "gateway token" },
    gatewayUrl: "http://10.0.0.1:80",
    resources: { cpu: 1.5, memory: 2 ** 30, gpu: 0, storage: 0 },
    placement: { labels: {}, tolerations: [], affinity: null, serviceAccount: null },
    timeout: spec.timeout,
    pullSecrets: [],
    ...changes,
  };
}
