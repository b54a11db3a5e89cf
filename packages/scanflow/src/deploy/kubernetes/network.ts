import type { V1LabelSelector, V1NetworkPolicyPort, V1ObjectMeta } from "@kubernetes/client-node";
import { platformName } from "../../platform-name.ts";
import { metadataOf, type Surroundings } from "./objects.ts";

/** As manifests have it: the client's own type calls `from` otherwise. */
interface NetworkPolicy {
  readonly apiVersion: "networking.k8s.io/v1";
  readonly kind: "NetworkPolicy";
  readonly metadata: V1ObjectMeta;
  readonly spec: {
    readonly podSelector: V1LabelSelector;
    readonly policyTypes: readonly "Ingress"[];
    readonly ingress: readonly Admitted[];
  };
}

interface Admitted {
  /** Absent: everybody. */
  readonly from?: readonly { readonly podSelector: V1LabelSelector }[];
  readonly ports: readonly V1NetworkPolicyPort[];
}

/** What kinds of pods the export has. */
export interface Inhabitants {
  /** The server, its trackers and schedules. */
  readonly server: boolean;
  readonly services: boolean;
  /** Whether tasks of its runs ask services of theirs. */
  readonly asksServices: boolean;
}

/**
 * Who may speak to whom. Nothing comes in but what is named here; all may go out, to the API server,
 * to databases and to where data lie. Pods of attempts, which the runner makes, bear the runner's own label.
 */
export function networkPolicies(
  around: Surroundings,
  { server, services, asksServices }: Inhabitants,
): readonly NetworkPolicy[] {
  const partOf = { "app.kubernetes.io/part-of": platformName(around.deployment.application) };
  const attempts = { podSelector: { matchLabels: { "app.kubernetes.io/managed-by": "scanflow" } } };
  const component = (name: string) => ({
    podSelector: { matchLabels: { ...partOf, "app.kubernetes.io/component": name } },
  });
  const policy = (name: string, selector: V1LabelSelector, ingress: readonly Admitted[]): NetworkPolicy => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadataOf(around, { component: "network", name }),
    spec: { podSelector: selector, policyTypes: ["Ingress"], ingress },
  });
  const { host } = around.deployment.options;
  const fromOutside: readonly Admitted[] = host === undefined ? [] : [{ ports: [{ port: "http" }] }];
  return [
    policy("nothing-comes-in", {}, []),
    ...(server
      ? [
          policy("server", component("server").podSelector, [
            { from: [attempts], ports: [{ port: "gateway" }] },
            { from: [component("schedule"), component("service")], ports: [{ port: "http" }] },
            ...fromOutside,
          ]),
          policy("trackers", component("tracker").podSelector, [
            { from: [component("server"), component("service")], ports: [{ port: "http" }] },
          ]),
        ]
      : []),
    ...(asksServices
      ? [policy("run-services", attempts.podSelector, [{ from: [attempts], ports: [{ port: "http" }] }])]
      : []),
    ...(services
      ? [policy("services", component("service").podSelector, [{ ports: [{ port: "http" }] }])]
      : []),
  ];
}
