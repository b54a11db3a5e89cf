import type { V1ObjectMeta } from "@kubernetes/client-node";
import { labelValue, platformName } from "../../platform-name.ts";
import type { Deployment } from "../target.ts";

/** Any object of a cluster, as it stands in a manifest. */
export interface KubeManifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
}

/** What all manifests of an export share. */
export interface Surroundings {
  readonly deployment: Deployment;
  readonly namespace: string;
  /** Name of the Secret with URLs of databases, tokens and the secrets of tasks. */
  readonly secret: string;
}

export function surroundingsOf(deployment: Deployment): Surroundings {
  const { application, options } = deployment;
  return {
    deployment,
    namespace: options.namespace ?? platformName(application),
    secret: options.secret ?? "scanflow",
  };
}

/** What an object is for: the label by which its pods are found, beside the application's. */
export interface Role {
  /** Such as `server`, `tracker` or `service`. */
  readonly component: string;
  /** Name of the object and its pods. */
  readonly name: string;
}

const managed = { "app.kubernetes.io/managed-by": "scanflow-export" };

/** The labels that pods are chosen by: they stay the same from export to export. */
export function selectorOf({ deployment }: Surroundings, { component, name }: Role): Record<string, string> {
  return {
    "app.kubernetes.io/part-of": platformName(deployment.application),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/name": labelValue(name),
  };
}

/** Name, namespace and labels of an object. */
export function metadataOf(around: Surroundings, role: Role): V1ObjectMeta {
  return {
    name: role.name,
    namespace: around.namespace,
    labels: { ...selectorOf(around, role), ...managed },
  };
}

/** Of a volume that holds what cannot be made again: Argo CD leaves it when all else goes. */
export function keptMetadata(around: Surroundings, name: string): V1ObjectMeta {
  return {
    ...metadataOf(around, { component: "storage", name }),
    annotations: { "argocd.argoproj.io/sync-options": "Delete=false,Prune=false" },
  };
}

/** A text of a command or a variable as Kubernetes leaves it: it reads `$(NAME)` as a variable, and `$$` as one `$`. */
export function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** The labels by which everything of an application is found again: what `undeploy` removes. */
export function applicationSelector(application: string): string {
  const chosen = { "app.kubernetes.io/part-of": platformName(application), ...managed };
  return Object.entries(chosen)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
