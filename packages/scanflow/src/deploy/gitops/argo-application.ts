import { platformName } from "../../platform-name.ts";
import type { Deployment, ExportedFile, TargetName } from "../target.ts";
import { yamlText } from "../yaml.ts";

/** An address to be put in: it must not look like one that works. */
const unknownRepository = "https://git.example.org/TEAM/REPOSITORY.git";

/**
 * The Application by which Argo CD keeps a cluster as the repository says. It lies beside the manifests and is no part
 * of them. Source: Argo CD, "Declarative Setup" and "Sync Options".
 */
export function argoApplication(deployment: Deployment, namespace: string, target: TargetName): ExportedFile {
  const { application, options, digest } = deployment;
  const { repo = unknownRepository, path = `deploy/${target}`, revision = "HEAD" } = options;
  const manifest = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: platformName(application),
      namespace: "argocd",
      // Removes what it made when it is removed.
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    },
    spec: {
      project: "default",
      source: { repoURL: repo, path, targetRevision: revision },
      destination: { server: "https://kubernetes.default.svc", namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        // Manifests with files in them are too long for the annotation of a client-side apply.
        syncOptions: ["CreateNamespace=true", "ServerSideApply=true"],
      },
    },
  };
  const header = [
    `Lets Argo CD keep ${JSON.stringify(application)} in the cluster as the repository says, plan ${digest.slice(0, 12)}.`,
    ...(options.repo === undefined
      ? ["Name the repository with --repo and export again, or put it in here."]
      : []),
    "Apply with: kubectl apply -f argocd-application.yaml",
  ];
  return { path: "argocd-application.yaml", text: yamlText([manifest], { header }) };
}
