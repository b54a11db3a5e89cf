import { argoApplication } from "../gitops/argo-application.ts";
import type { ExportedFile, TargetName } from "../target.ts";
import { yamlText } from "../yaml.ts";
import { type KubeManifest, metadataOf, type Surroundings } from "./objects.ts";

/** A file of manifests, with what it holds in words. */
export interface Page {
  readonly path: string;
  readonly about: string;
  readonly manifests: readonly KubeManifest[];
}

export interface PagesOptions {
  readonly target: TargetName;
  /** What all of it is, such as `All of "digits" on Kubernetes`. */
  readonly title: string;
  /** Lines that say what must be there before. */
  readonly before: readonly string[];
}

/** Pages as files, without those that are empty, beside the kustomization that names them and Argo CD's Application. */
export function exportPages(
  around: Surroundings,
  pages: readonly Page[],
  { target, title, before }: PagesOptions,
): readonly ExportedFile[] {
  const { deployment } = around;
  const plan = `plan ${deployment.digest.slice(0, 12)}`;
  const full = pages.filter(({ manifests }) => manifests.length > 0);
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: full.map(({ path }) => path),
  };
  const header = [
    `${title}, ${plan}.`,
    `Made by scanflow export ${target}; changes of your own belong into an overlay that has this as its base.`,
    "",
    "Apply with: kubectl apply --server-side -k .",
    ...before,
  ];
  return [
    { path: "kustomization.yaml", text: yamlText([kustomization], { header }) },
    ...full.map(({ path, about, manifests }) => ({
      path,
      text: yamlText(manifests, { header: [`${about} Of ${plan}.`] }),
    })),
    argoApplication(deployment, around.namespace, target),
  ];
}

/** Where all of an export lives. */
export function namespacePage(around: Surroundings): Page {
  const role = { component: "namespace", name: around.namespace };
  const { namespace: _, labels, ...metadata } = metadataOf(around, role);
  const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
  return {
    path: "namespace.yaml",
    about: "Where all of it lives; pods must keep to the restricted standard.",
    manifests: [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { ...metadata, labels: { ...labels, ...restricted } },
      },
    ],
  };
}

/** How the Secret is made that manifests name; it is no part of the export. */
export function secretNotes(
  { namespace, secret }: Surroundings,
  pairs: readonly string[],
): readonly string[] {
  if (pairs.length === 0) return [];
  return [
    "Before that, once:",
    `  kubectl create namespace ${namespace}`,
    `  kubectl create secret generic ${secret} --namespace ${namespace} \\`,
    ...pairs.map((pair, at) => `    --from-literal="${pair}"${at === pairs.length - 1 ? "" : " \\"}`),
  ];
}
