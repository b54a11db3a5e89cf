import { listNodes, listServices, removeService } from "../../docker/index.ts";
import { Asides } from "../asides.ts";
import { removeWorkdir } from "../contract/workdir.ts";
import { filterOf, runLabel, tokenLabel } from "../docker/labels.ts";
import type { Gateway } from "../gateway.ts";
import { Opening } from "../opening.ts";
import type { Runner } from "../runner.ts";
import { RunningAttempts } from "../running-attempts.ts";
import { underWay } from "../under-way.ts";
import { carryOut, goOn, type SwarmRooms, valueIn } from "./carry-out.ts";
import { endService } from "./end-service.ts";
import { openSwarm } from "./open-swarm.ts";
import { refuseUnplaced } from "./placement.ts";
import { stayOn, stayUp } from "./stay-up.ts";

export interface SwarmRunnerOptions {
  readonly gateway: Gateway;
  /** The config's folder and the state folder (both absolute). */
  readonly root: string;
  readonly state: string;
  /** Where the daemon is named, logins are found and secrets are read from; see `swarmSettings`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Digest of the application's files in the artifact store, as they are now. */
  readonly code: () => Promise<string>;
  /** Whether a run may yet be taken up: what was left of all others is removed. Default: all may. */
  readonly mayGoOn?: (run: string) => Promise<boolean>;
  /** How long a command may take to end after it was asked to. */
  readonly graceMs?: number;
}

/**
 * Runs each attempt as a job of a swarm: one container on a node that Swarm chooses, in which the shim fetches code and
 * inputs, runs the command and hands in what it made. Jobs go on when this process is killed: `adopt` takes them over.
 */
export function swarmRunner(options: SwarmRunnerOptions): Runner {
  const running = new RunningAttempts();
  const asides = new Asides();
  const rooms = new Opening(() => openSwarm(options, asides.take));
  const find = async ({ docker, owner }: SwarmRooms, token: string) => {
    const [found] = await listServices(docker, filterOf({ ...owner, ...tokenLabel(token) }));
    return found;
  };

  return {
    name: "swarm",
    outlives: true,
    elsewhere: true,
    check: () => undefined,
    async ready(plan) {
      const { docker, images, node } = await rooms.need();
      refuseUnplaced(plan, await listNodes(docker), node);
      await images.ready(plan);
    },
    start(spec, listener) {
      const run = spec.service ? stayUp : carryOut;
      return running.keep(
        underWay(spec.task, async (signal) => run(spec, await rooms.need(), { listener, signal })),
      );
    },
    async adopt(spec, listener) {
      const open = await rooms.need();
      const service = await find(open, spec.token);
      // Its container looks for the gateway where the last owner had it.
      const url = valueIn(service?.Spec.TaskTemplate.ContainerSpec.Env ?? [], "SCANFLOW_GATEWAY");
      if (!service || url !== open.door.url) return null;
      const run = spec.service ? stayOn : goOn;
      return running.keep(underWay(spec.task, (signal) => run(spec, open, { listener, signal, service })));
    },
    async leave(run) {
      const open = await rooms.ifOpen();
      // A network is given back after its last container.
      await asides.settled();
      if (!open) return;
      const { docker, owner, networks } = open;
      // One that was asked for by an owner that died, and made only after the next had looked for it.
      const late = await listServices(docker, filterOf({ ...owner, ...runLabel(run) }));
      for (const { ID } of late) await removeService(docker, ID);
      await networks.leave(run);
    },
    async reclaim({ token, workdir }) {
      const open = await rooms.need();
      const service = await find(open, token);
      if (service) await endService(open.docker, service.ID, open.graceMs + 10_000);
      await removeWorkdir(workdir);
    },
    async close() {
      await running.cancelAll();
      await asides.settled();
      const open = await rooms.ifOpen();
      await options.gateway.close();
      open?.docker.close();
    },
  };
}
