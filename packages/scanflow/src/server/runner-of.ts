import { ScanflowError } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { StateFolder } from "../engine/index.ts";
import type { Runner } from "../runners/index.ts";

/** What runners are made with. */
export interface RunnerRooms {
  readonly folder: StateFolder;
  readonly artifacts: ArtifactStore;
  readonly env: NodeJS.ProcessEnv;
  /** Whether a run may yet be taken up: what was left of all others is removed. */
  readonly mayGoOn: (run: string) => Promise<boolean>;
}

/** How attempts are run, by the name that `--on` and SCANFLOW_ON give it. Each is loaded when it is chosen. */
const RUNNERS: Readonly<Record<string, (rooms: RunnerRooms) => Promise<Runner>>> = {
  process: async ({ artifacts, folder, env }) => {
    const { processRunner } = await import("../runners/index.ts");
    return processRunner({ artifacts, cacheDir: cacheOf(folder, env), environment: env });
  },
  docker: async ({ artifacts, folder, env, mayGoOn }) => {
    const { dockerRunner } = await import("../runners/docker/docker-runner.ts");
    const gateway = await gatewayOf({ artifacts, env });
    return dockerRunner({
      ...{ artifacts, gateway, mayGoOn, environment: env },
      ...{ root: folder.root, state: folder.path },
    });
  },
  swarm: async ({ artifacts, folder, env, mayGoOn }) => {
    const [{ swarmRunner }, { applicationFiles }, gateway] = await Promise.all([
      import("../runners/swarm/swarm-runner.ts"),
      import("../runners/code/application-files.ts"),
      gatewayOf({ artifacts, env }),
    ]);
    const { root, path: state } = folder;
    const code = applicationFiles({ root, artifacts });
    return swarmRunner({ gateway, root, state, mayGoOn, code, environment: env });
  },
  worker: async ({ artifacts, folder, env }) => {
    const [{ readWorkerSettings, workerRunner }, { applicationFiles }] = await Promise.all([
      import("../runners/worker/index.ts"),
      import("../runners/code/application-files.ts"),
    ]);
    const { sendsFiles, ...settings } = readWorkerSettings(env);
    const gateway = await gatewayOf({ artifacts, env });
    const code = sendsFiles ? { code: applicationFiles({ root: folder.root, artifacts }) } : {};
    return workerRunner({ ...settings, ...code, gateway });
  },
  kubernetes: async ({ artifacts, folder, env, mayGoOn }) => {
    const [{ kubernetesRunner, recipeImages, tableImages }, { applicationFiles }] = await Promise.all([
      import("../runners/kubernetes/index.ts"),
      import("../runners/code/application-files.ts"),
    ]);
    return kubernetesRunner({
      gateway: await gatewayOf({ artifacts, env }),
      stateDir: folder.path,
      environment: env,
      images: env.SCANFLOW_IMAGES
        ? tableImages(env.SCANFLOW_IMAGES)
        : recipeImages({ root: folder.root, environment: env }),
      mayGoOn,
      code: applicationFiles({ root: folder.root, artifacts }),
    });
  },
};

/** The runner of this name; `process` by default. Errors: SCANFLOW_RUNNER_UNKNOWN. */
export async function runnerOf(named: string | undefined, rooms: RunnerRooms): Promise<Runner> {
  const name = named ?? (rooms.env.SCANFLOW_ON || "process");
  const make = Object.hasOwn(RUNNERS, name) ? RUNNERS[name] : undefined;
  if (make) return make(rooms);
  const where = named === undefined ? "the variable SCANFLOW_ON" : "--on";
  throw new ScanflowError(
    "SCANFLOW_RUNNER_UNKNOWN",
    `Nothing runs tasks on "${name}". Give ${where} one of ${Object.keys(RUNNERS).join(", ")}.`,
  );
}

/** The way from containers to this owner. */
async function gatewayOf({ artifacts, env }: Pick<RunnerRooms, "artifacts" | "env">) {
  const { ownerGateway } = await import("../gateway/index.ts");
  return ownerGateway({ artifacts, environment: env });
}

function cacheOf(folder: StateFolder, env: NodeJS.ProcessEnv): string {
  return env.SCANFLOW_CACHE_DIR || folder.cache;
}
