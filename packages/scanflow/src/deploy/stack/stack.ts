import { platformName } from "../../platform-name.ts";
import type { Deployment, ExportedFile, Target } from "../target.ts";
import { yamlText } from "../yaml.ts";
import { stackFile } from "./stack-file.ts";
import { stackLacks } from "./stack-lacks.ts";

/** Swarm: one stack file with the engine, the trackers and the services that stay up, and the configs they read. */
export const stack: Target = {
  name: "stack",
  describe: "a stack file for Swarm: engine, trackers, services",
  refuse: stackLacks,
  export: exportStack,
  apply: (deployment, folder) => {
    const resolve = deployment.options.registry === undefined ? " --resolve-image never" : "";
    const auth = deployment.options.registry === undefined ? "" : " --with-registry-auth";
    const name = platformName(deployment.application);
    return `SCANFLOW_APP="$PWD" docker stack deploy --detach=true${resolve}${auth} -c ${folder}/stack.yaml ${name}`;
  },
};

function exportStack(deployment: Deployment): readonly ExportedFile[] {
  const { file, configs } = stackFile(deployment);
  const header = [
    `${deployment.application} on Swarm, plan ${deployment.digest.slice(0, 12)}. Written by "scanflow export stack".`,
    "",
    "SCANFLOW_APP is the application's folder, on the manager that the engine runs on and on every node that runs one of the",
    "services below: a shared folder, or a copy. What the engine keeps lies in the volume state of its node: with several",
    "managers, name one in its constraints and the trackers'. Secrets are made beforehand: docker secret create NAME FILE.",
    "SCANFLOW_DOCKER_SOCKET is Docker's socket on the managers, if not /var/run/docker.sock.",
  ];
  return [{ path: "stack.yaml", text: yamlText([file], { header }) }, ...configs];
}
