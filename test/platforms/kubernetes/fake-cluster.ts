import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { Docker } from "../../../packages/scanflow/src/docker/index.ts";
import { ApiServer } from "./api-server.ts";
import { dockerRuntime, kubeletLabel } from "./docker-runtime.ts";
import { writeKubeConfig } from "./kube-config.test.support.ts";
import { Kubelet } from "./kubelet.ts";
import { hasSchemas, problemsOf } from "./schema.ts";
import { ServiceProxy } from "./service-proxy.ts";

const run = promisify(execFile);

/** A cluster of one node whose containers really run, in a Docker daemon. */
export interface FakeCluster {
  readonly api: ApiServer;
  readonly kubelet: Kubelet;
  /** Variables by which Scanflow finds the cluster, and its pods Scanflow. */
  readonly environment: Readonly<Record<string, string>>;
  /** What is in the cluster, by collection and name. */
  left(): string[];
  /** Containers of its node that are in the daemon, also when it is closed. */
  containersLeft(): Promise<string[]>;
  close(): Promise<void>;
}

/** Objects are judged strictly by Kubernetes' own definitions, where they are at hand, before they are kept. */
export async function startFakeCluster(docker: NodeJS.ProcessEnv): Promise<FakeCluster> {
  const folder = mkdtempSync(join(tmpdir(), "scanflow-cluster-"));
  const api = await new ApiServer({ admit: hasSchemas ? problemsOf : () => undefined }).start();
  const words = (...all: string[]) => run("docker", all, { env: docker }).then(({ stdout }) => stdout.trim());
  const network = `fake-cluster-${process.pid}-${Date.now()}`;
  await words("network", "create", `--label=${kubeletLabel}=${network}`, network);
  const gateway = await words("network", "inspect", network, "--format={{(index .IPAM.Config 0).Gateway}}");
  const daemon = await Docker.open({ env: docker });
  const kubelet = new Kubelet(api, dockerRuntime(daemon, network));
  const proxy = new ServiceProxy(daemon, { network, store: api.store });
  api.options = { ...api.options, clusterIp: () => proxy.allocate() };
  const containersLeft = async () => {
    const left = await words("ps", "--all", "--quiet", `--filter=label=${kubeletLabel}=${network}`);
    return left.split("\n").filter(Boolean);
  };
  return {
    api,
    kubelet,
    environment: {
      KUBECONFIG: writeKubeConfig(folder, api.url),
      SCANFLOW_KUBERNETES_GATEWAY: gateway,
    },
    left: () =>
      (["jobs", "pods", "secrets", "services"] as const).flatMap((collection) =>
        api.store.list(collection).map(({ metadata }) => `${collection}/${metadata.name}`),
      ),
    containersLeft,
    async close() {
      await kubelet.close();
      await proxy.close();
      await api.stop();
      // Of those that were on their way already nobody waits for the end, and a network goes after its last container.
      while ((await containersLeft()).length > 0) await pause(100);
      await words("network", "rm", network);
      daemon.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
