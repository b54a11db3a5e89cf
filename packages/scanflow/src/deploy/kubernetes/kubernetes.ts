import { platformName } from "../names.ts";
import type { Deployment, ExportedFile, Target } from "../target.ts";
import { yamlText } from "../yaml.ts";

/** Kubernetes: plain manifests with a kustomization, so that they can be a base. */
export const kubernetes: Target = {
  name: "kubernetes",
  describe: "manifests with a kustomization: trackers, services, schedules",
  refuse: () => [],
  export: exportKubernetes,
  apply: (_, folder) => `kubectl apply --server-side -k ${folder}`,
};

function exportKubernetes(deployment: Deployment): readonly ExportedFile[] {
  const namespace = deployment.options.namespace ?? platformName(deployment.application);
  const header = [
    `The namespace of ${JSON.stringify(deployment.application)}, plan ${deployment.digest.slice(0, 12)}.`,
  ];
  const text = yamlText([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }], { header });
  return [{ path: "namespace.yaml", text }];
}
