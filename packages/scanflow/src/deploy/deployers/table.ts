import { platformName } from "../../platform-name.ts";
import type { TargetName } from "../target.ts";
import type { Deployer } from "./deployer.ts";
import { composeDeployer, stackDeployer } from "./docker.ts";
import { kubectlDeployer } from "./kubectl.ts";

/** Who deploys which target, by which tool. */
export const deployers: Readonly<Record<TargetName, Deployer>> = {
  compose: composeDeployer,
  stack: stackDeployer,
  kubernetes: kubectlDeployer(),
  kserve: kubectlDeployer({
    platform: {
      group: "serving.kserve.io",
      name: "KServe",
      install: "kserve.github.io/website/docs/admin-guide/overview",
    },
    kinds: ["inferencegraphs.serving.kserve.io", "inferenceservices.serving.kserve.io"],
  }),
  argo: kubectlDeployer({
    platform: {
      group: "argoproj.io",
      name: "Argo Workflows",
      install: "argo-workflows.readthedocs.io/en/latest/installation",
    },
    kinds: ["cronworkflows.argoproj.io", "workflows.argoproj.io", "workflowtemplates.argoproj.io"],
    selector: (application) =>
      `app.kubernetes.io/managed-by=scanflow,app.kubernetes.io/part-of=${platformName(application)}`,
  }),
};
