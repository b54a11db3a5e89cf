import { platformName } from "../../platform-name.ts";
import { applicationSelector } from "../kubernetes/objects.ts";
import type { Deployer, Placed, Question, Refusal, Step } from "./deployer.ts";

/** Kinds of what exports make, in the order in which they are removed: first who would make others anew. */
const KINDS = [
  ...["cronjobs.batch", "deployments.apps", "horizontalpodautoscalers.autoscaling"],
  ...["ingresses.networking.k8s.io", "services", "poddisruptionbudgets.policy"],
  ...["networkpolicies.networking.k8s.io", "configmaps"],
  ...["rolebindings.rbac.authorization.k8s.io", "roles.rbac.authorization.k8s.io", "serviceaccounts"],
];

const quickly = "--request-timeout=15s";

export interface KubectlOptions {
  /** The group of the platform's own kinds and its name, such as `serving.kserve.io` and `KServe`. */
  readonly platform?: { readonly group: string; readonly name: string; readonly install: string };
  /** Kinds of the platform that the export makes. */
  readonly kinds?: readonly string[];
  /** The labels of what the export makes, where they are other ones. */
  readonly selector?: (application: string) => string;
}

/** A target that `kubectl` applies and removes. */
export function kubectlDeployer({
  platform,
  kinds = [],
  selector = applicationSelector,
}: KubectlOptions = {}): Deployer {
  return {
    tool: "kubectl",
    install: "Install kubectl (kubernetes.io/docs/tasks/tools)",
    before: (placed) => [
      reachable,
      ...(platform === undefined ? [] : [hasPlatform(platform)]),
      ...(makesNamespace(placed) ? [] : [hasNamespace(placed)]),
    ],
    up: (placed) => [{ words: ["kubectl", "apply", "--server-side", ...sourceOf(placed)] }],
    diff: (placed) => ({ words: ["kubectl", "diff", "--server-side", ...sourceOf(placed)] }),
    down: (placed, { volumes }) => [
      // What the runner made for attempts that are under way.
      deletion(placed, ["jobs.batch", "secrets"], `app.kubernetes.io/managed-by=scanflow`),
      deletion(placed, [...kinds, ...KINDS], selector(placed.deployment.application)),
      ...(volumes
        ? [deletion(placed, ["persistentvolumeclaims"], selector(placed.deployment.application))]
        : []),
    ],
    left: (placed) => [
      {
        words: [
          ...["kubectl", "get", "pods", "--namespace", namespaceOf(placed), "--output", "name"],
          ...[
            "--selector",
            `app.kubernetes.io/part-of=${platformName(placed.deployment.application)}`,
            "--ignore-not-found",
          ],
        ],
      },
    ],
  };
}

const reachable: Question = {
  words: ["kubectl", "get", "--raw", "/version", quickly],
  judge: ({ code, stderr }): Refusal | undefined => {
    if (code === 0) return undefined;
    const reason = stderr.trim().split("\n").at(-1)?.replace(/\.$/, "") ?? "";
    if (/Unauthorized|Forbidden|must be logged in/i.test(reason)) {
      return {
        code: "SCANFLOW_KUBERNETES_DENIED",
        message: `The cluster refuses who asks: ${reason}. Log in again, or choose another context with kubectl config use-context.`,
      };
    }
    return {
      code: "SCANFLOW_KUBERNETES_UNREACHABLE",
      message: `No cluster answers: ${reason}. Start it or connect to its network, or choose another context with kubectl config use-context.`,
    };
  },
};

function hasPlatform({ group, name, install }: NonNullable<KubectlOptions["platform"]>): Question {
  return {
    bringing: true,
    words: ["kubectl", "get", "--raw", `/apis/${group}`, quickly],
    judge: ({ code }) =>
      code === 0
        ? undefined
        : {
            code: "SCANFLOW_DEPLOY_PLATFORM",
            message: `The cluster has no ${name}: it knows no kinds of ${group}. Install it (${install}), or export to kubernetes.`,
          },
  };
}

function hasNamespace(placed: Placed): Question {
  const name = namespaceOf(placed);
  return {
    bringing: true,
    words: ["kubectl", "get", "namespace", name, "--output", "name", quickly],
    judge: ({ code }) =>
      code === 0
        ? undefined
        : {
            code: "SCANFLOW_KUBERNETES_NAMESPACE",
            message: `The cluster has no namespace "${name}". Make it with "kubectl create namespace ${name}", or name another with --namespace.`,
          },
  };
}

function makesNamespace({ files }: Placed): boolean {
  return files.some(({ text }) => /^kind: Namespace$/m.test(text));
}

/** A folder with a kustomization knows its files itself; of any other each is named but that for Argo CD. */
function sourceOf({ folder, files }: Placed): readonly string[] {
  if (files.some(({ path }) => path === "kustomization.yaml")) return ["--kustomize", folder];
  return files.flatMap(({ path, text }) =>
    /^kind: Application$/m.test(text) ? [] : ["--filename", `${folder}/${path}`],
  );
}

function deletion(placed: Placed, kinds: readonly string[], selector: string): Step {
  return {
    words: [
      ...["kubectl", "delete", kinds.join(","), "--namespace", namespaceOf(placed)],
      ...["--selector", selector, "--ignore-not-found", "--wait=true"],
    ],
  };
}

function namespaceOf({ deployment }: Placed): string {
  return deployment.options.namespace ?? platformName(deployment.application);
}
