import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ApiServer } from "./api-server.ts";
import { dockerRuntime, kubeletLabel } from "./docker-runtime.ts";
import { writeKubeConfig } from "./kube-config.test.support.ts";
import { Kubelet } from "./kubelet.ts";
import { hasSchemas, problemsOf } from "./schema.ts";

const run = promisify(execFile);

/** A cluster of one node whose containers really run, in a Docker daemon. */
export interface FakeCluster {
  readonly api: ApiServer;
  readonly kubelet: Kubelet;
  /** Variables by which Scanflow finds the cluster, and its pods Scanflow. */
  readonly environment: Readonly<Record<string, string>>;
  /** What is in the cluster, by collection and name. */
  left(): string[];
  close(): Promise<void>;
}

/** Objects are judged strictly by Kubernetes' own definitions, where they are at hand, before they are kept. */
export async function startFakeCluster(docker: NodeJS.ProcessEnv): Promise<FakeCluster> {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-cluster-"));
  const api = await new ApiServer({ admit: hasSchemas ? problemsOf : () => undefined }).start();
  const words = (...all: string[]) => run("docker", all, { env: docker }).then(({ stdout }) => stdout.trim());
  const network = await words(
    "network",
    "create",
    `--label=${kubeletLabel}`,
    `fake-cluster-${process.pid}-${Date.now()}`,
  );
  const gateway = await words("network", "inspect", network, "--format={{(index .IPAM.Config 0).Gateway}}");
  const kubelet = new Kubelet(api, dockerRuntime(docker, network));
  return {
    api,
    kubelet,
    environment: {
      KUBECONFIG: writeKubeConfig(folder, api.url),
      SCANFLOW_KUBERNETES_GATEWAY: gateway,
    },
    left: () =>
      (["jobs", "pods", "secrets"] as const).flatMap((collection) =>
        api.store.list(collection).map(({ metadata }) => `${collection}/${metadata.name}`),
      ),
    async close() {
      await kubelet.close();
      await api.stop();
      await words("network", "rm", network);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Containers of fake nodes that are in the daemon. */
export async function containersLeft(docker: NodeJS.ProcessEnv): Promise<string[]> {
  const words = ["ps", "--all", "--quiet", `--filter=label=${kubeletLabel}`];
  const { stdout } = await run("docker", words, { env: docker });
  return stdout.split("\n").filter(Boolean);
}
