import { resolve } from "node:path";
import { findConfig, loadApplication } from "../../config/index.ts";
import { Docker } from "../../docker/index.ts";
import { applicationState } from "../../engine/index.ts";
import { Images, ownRecipe } from "../../images/index.ts";
import { ownerAddress } from "../../server/index.ts";
import { carryAccess, planServer, startServer } from "../../up/index.ts";
import type { Call } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";

export interface UpInContainer {
  readonly port: number;
}

/** Brings the server up in a container, which stays when this command ends. */
export async function upInContainer(call: Call, { port }: UpInContainer): Promise<ExitCode> {
  const { output, directory } = call;
  const { application, root } = await loadApplication(findConfig(directory));
  const secrets = application.workflows.flatMap(({ nodes }) =>
    nodes.flatMap((node) => ("secrets" in node ? node.secrets : [])),
  );
  const docker = await Docker.open();
  const state = applicationState(root);
  const { SCANFLOW_SECRETS: given } = process.env;
  const secretsFolder = given ? resolve(given) : undefined;
  const url = `http://127.0.0.1:${port}`;
  try {
    const began = await untilInterrupted(async (signal) => {
      const recipe = await ownRecipe({});
      const image = await new Images(docker).need(recipe, {
        application: application.name,
        signal,
        note: (line) => output.note(`${output.style("dim", "|")} ${line}`),
      });
      const plan = planServer(docker, {
        application: application.name,
        root,
        state: state.path,
        image: image.ref,
        port,
        folders: secretsFolder === undefined ? [] : [secretsFolder],
        variables: {
          ...(await carryAccess(docker, state.path)),
          ...variablesOf(secrets, process.env),
          ...(secretsFolder !== undefined && { SCANFLOW_SECRETS: secretsFolder }),
        },
      });
      return startServer(docker, plan, { isUp: async () => (await ownerAddress(state)) === url, signal });
    });
    if (began === undefined) return EXIT.interrupted;
    if (output.json) output.document({ url, began });
    else {
      output.line(
        `Scanflow ${began === "started" ? "is" : "was"} up on ${url} (MLFLOW_TRACKING_URI=${url}), in a container; tasks run in containers of their own. "scanflow down" ends it.`,
      );
    }
    return EXIT.done;
  } finally {
    docker.close();
  }
}

/** What the server reads of its environment: secrets of tasks, and where images and trackers are. */
function variablesOf(secrets: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const own = Object.keys(env).filter((name) =>
    /^SCANFLOW_(BASE_|REGISTRY$|TRACKERS$|TRACKER_TOKEN$|SERVER_TOKEN$|DEVICE_KIND$)|^(HTTPS?|NO)_PROXY$/i.test(
      name,
    ),
  );
  const names = [...new Set([...secrets, ...own])].sort();
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
