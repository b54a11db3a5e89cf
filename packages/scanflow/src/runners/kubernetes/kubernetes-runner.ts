import { Cluster } from "../../kubernetes/index.ts";
import type { Gateway } from "../gateway.ts";
import { Opening } from "../opening.ts";
import type { Runner } from "../runner.ts";
import { RunningAttempts } from "../running-attempts.ts";
import { underWay } from "../under-way.ts";
import { findJob, findServiceAddress } from "./attempt-objects.ts";
import { sidecarMinor } from "./attended.ts";
import { type ClusterRooms, carryOut, goOn, type Patience } from "./carry-out.ts";
import { ClusterView } from "./cluster-view.ts";
import { openDoor } from "./door.ts";
import { removeLeftJobs } from "./leftovers.ts";
import { openMemory } from "./memory.ts";
import { attemptName, gatewayAnnotation } from "./names.ts";
import type { PodImages } from "./pod-images.ts";
import { preflight } from "./preflight.ts";
import { reclaimJob } from "./reclaim.ts";
import { serverMinor } from "./server-version.ts";
import { kubernetesSettings } from "./settings.ts";

export interface KubernetesRunnerOptions {
  readonly gateway: Gateway;
  /** Folder for what must stay the same from one owner to the next (absolute). */
  readonly stateDir: string;
  /** What the cluster is found by; see `kubernetesSettings`. */
  readonly environment: NodeJS.ProcessEnv;
  readonly images: PodImages;
  /** Whether a run may yet be taken up: what was left of all others is removed. */
  readonly mayGoOn: (run: string) => Promise<boolean>;
  /** Digest of the application's files in the artifact store, as they are now. */
  readonly code: () => Promise<string>;
  readonly patience?: Patience;
}

/**
 * Runs attempts as Kubernetes Jobs, one pod each: an init container fetches code and inputs, the task's own image runs
 * untouched, a last container hands outputs in, and a sidecar looks after heartbeat and checkpoint where it has to; a
 * service stays up behind a Service of its own. Attempts outlive the owner and are gone on with by the next one.
 */
export function kubernetesRunner(options: KubernetesRunnerOptions): Runner {
  const running = new RunningAttempts();
  const rooms = new Opening(() => openRooms(options));

  return {
    name: "kubernetes",
    outlives: true,
    elsewhere: true,
    check: () => undefined,
    async ready(plan) {
      const { cluster, memory } = await rooms.need();
      await preflight(cluster, plan, memory.owner);
    },
    start: (spec, listener) =>
      running.keep(
        underWay(spec.task, async (signal) => carryOut(spec, await rooms.need(), { listener, signal })),
      ),
    async adopt(spec, listener) {
      const open = await rooms.need();
      const name = attemptName(spec, open.memory.owner);
      const job = await findJob(open.cluster, name);
      if (!job || job.suspended || job.metadata.deletionTimestamp) return null;
      // Its pod looks for the gateway where the last owner had it.
      if (job.metadata.annotations?.[gatewayAnnotation] !== open.door.url) return null;
      const address = spec.service && (await findServiceAddress(open.cluster, name));
      // Nobody could ask it any more.
      if (spec.service && address === undefined) return null;
      const { attended } = job;
      return running.keep(
        underWay(spec.task, (signal) => goOn(spec, open, { listener, signal, address, attended })),
      );
    },
    async reclaim(place) {
      const { cluster, memory } = await rooms.need();
      await reclaimJob(cluster, attemptName(place, memory.owner));
    },
    async leave(run) {
      const open = await rooms.ifOpen();
      // What an answer that never came may have left. It is looked at again by the next owner.
      if (!open) return;
      await removeLeftJobs(open.cluster, open.memory.owner, async (other) => other !== run).catch(
        () => undefined,
      );
    },
    async close() {
      await running.cancelAll();
      const open = await rooms.ifOpen();
      await open?.view.close();
      await open?.door.close();
      open?.cluster.close();
    },
  };
}

async function openRooms({
  gateway,
  stateDir,
  environment,
  images,
  mayGoOn,
  code,
  patience = {},
}: KubernetesRunnerOptions): Promise<ClusterRooms> {
  const settings = kubernetesSettings(environment);
  const memory = await openMemory(stateDir);
  const cluster = await Cluster.find({ environment, ...settings });
  try {
    await removeLeftJobs(cluster, memory.owner, mayGoOn);
    const door = await openDoor(gateway, { cluster, settings, memory });
    const view = new ClusterView(cluster, memory.owner);
    let sidecars: Promise<boolean> | undefined;
    const hasSidecars = () => {
      sidecars ??= serverMinor(cluster).then(({ minor }) => minor >= sidecarMinor);
      return sidecars;
    };
    const { pullSecrets } = settings;
    return { cluster, view, door, memory, pullSecrets, images, code, hasSidecars, patience };
  } catch (error) {
    cluster.close();
    throw error;
  }
}
