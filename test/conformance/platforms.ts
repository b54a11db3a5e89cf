import type { Platform, Refused } from "./platform.ts";

const argoServices = argoRefuses(
  "a service of a batch workflow is not exported; export it to kubernetes or kserve",
);

/** The columns of the conformance table, in its order. Each has a test file of one line that runs it. */
export const platforms: readonly Platform[] = [
  {
    name: "process",
    cannot: {},
    open: async (cases) => (await import("./owner-platform.ts")).openOwnerHost(cases),
  },
  {
    name: "docker",
    cannot: {},
    open: async (cases) => {
      const { inject } = await import("vitest");
      Object.assign(process.env, inject("docker"));
      return (await import("./owner-platform.ts")).openOwnerHost(cases, { on: "docker" });
    },
  },
  {
    name: "compose",
    slow: true,
    cannot: {
      "own-trackers": oneTracker("containers"),
    },
    open: async (cases) => (await import("./compose-platform.ts")).openComposeHost(cases),
  },
  {
    name: "swarm",
    slow: true,
    cannot: {
      checkpoint: "each attempt has a container of its own, and its folder goes with that",
      "own-trackers": oneTracker("containers"),
    },
    open: async (cases) => (await import("./swarm-platform.ts")).openSwarmHost(cases),
  },
  {
    name: "kubernetes",
    slow: true,
    cannot: {
      "own-trackers": oneTracker("pods"),
    },
    open: async (cases) =>
      (await import("../platforms/kubernetes/kubernetes-host.support.ts")).openKubernetesHost(cases),
  },
  {
    name: "argo",
    cannot: {
      checkpoint: "without Scanflow's engine nobody keeps what an attempt left in its pod",
      heartbeat: argoRefuses("Argo watches no heartbeat; give a run timeout"),
      service: argoServices,
      "service-fails": argoServices,
      metrics: argoRefuses("Argo does not know metrics; return the value as a result"),
      "tracker-run": "without Scanflow's engine nobody makes a run: MLflow makes its own",
    },
    open: async () => (await import("../platforms/argo/argo-host.support.ts")).openArgoHost(),
  },
];

function oneTracker(who: string): string {
  return `${who} reach all trackers at one address, the gateway's: their token says which is theirs`;
}

function argoRefuses(why: string): Refused {
  return { code: "SCANFLOW_TARGET_LACKS", why };
}
