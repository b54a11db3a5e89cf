import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import { serverRules } from "../../../packages/scanflow/src/deploy/kubernetes/access.ts";
import { ownerGateway } from "../../../packages/scanflow/src/gateway/index.ts";
import {
  type Bench,
  type BenchRooms,
  openBenchOf,
} from "../../../packages/scanflow/src/runners/bench.test.support.ts";
import { kubernetesRunner } from "../../../packages/scanflow/src/runners/kubernetes/index.ts";
import type { Runner } from "../../../packages/scanflow/src/runners/runner.ts";
import { ApiServer } from "./api-server.ts";
import { writeKubeConfig } from "./kube-config.test.support.ts";
import type { Stored } from "./object-store.ts";

// What a node would say is said by the test: no container runs.
export let api: ApiServer;
let folder: string;

/** What all tests of a file together asked for. */
export const used = new Set<string>();

// Who asks may do what the exported Role says and no more.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "scanflow-sequences-"));
  api = await new ApiServer({ rules: serverRules({ services: true }) }).start();
});
afterEach(async () => {
  await api.stop();
  for (const right of api.used) used.add(right);
  rmSync(folder, { recursive: true });
});

type Patience = Parameters<typeof kubernetesRunner>[0]["patience"];

export function openBench(patience: Patience = {}): Promise<Bench> {
  return openBenchOf((rooms) => runnerIn(rooms, patience));
}

/** Another process of the same owner: its gateway is at another port while the first one's is open. */
export function runnerIn(
  { artifacts, folder: state }: Omit<BenchRooms, "root">,
  patience: Patience = {},
): Runner {
  return kubernetesRunner({
    gateway: ownerGateway({ artifacts, environment: {} }),
    stateDir: state,
    environment: { KUBECONFIG: writeKubeConfig(folder, api.url), SCANFLOW_KUBERNETES_GATEWAY: "127.0.0.1" },
    images: async () => ({ main: "team/model:2", shim: { image: "scanflow", command: ["shim"] } }),
    mayGoOn: async () => true,
    code: async () => "sha256:0",
    patience,
  });
}

export const command = { kind: "command" as const, command: ["train"] };
export const environment = { kind: "image" as const, image: "team/model:2" };
export const gone = () =>
  expect
    .poll(() => (["jobs", "pods", "secrets", "services"] as const).flatMap((kind) => api.store.list(kind)))
    .toEqual([]);

export async function podsThere(count: number): Promise<readonly Stored[]> {
  await expect.poll(() => api.store.list("pods")).toHaveLength(count);
  return api.store.list("pods");
}

export async function podThere(): Promise<Stored> {
  const [pod] = await podsThere(1);
  if (!pod) throw new Error("no pod");
  return pod;
}

/** The node says how the pod is. */
export function says(pod: Stored, status: Record<string, unknown>): void {
  api.store.update("pods", pod, (draft) => {
    draft.spec = { ...draft.spec, nodeName: "node-1" };
    draft.status = status;
  });
}

export const main = (state: unknown) => [
  { name: "fetch", image: "scanflow", state: { terminated: { exitCode: 0, reason: "Completed" } } },
  { name: "main", image: "team/model:2", state },
];
