import { existsSync, rmSync } from "node:fs";
import {
  type ContainerDetails,
  inspectContainer,
  listContainers,
  removeContainer,
} from "../../docker/index.ts";
import type { ArtifactAccess } from "../artifact-access.ts";
import { Asides } from "../asides.ts";
import { Attempt } from "../attempt.ts";
import { forgetCollected, wasCollected } from "../contract/collected.ts";
import { removeWorkdir } from "../contract/workdir.ts";
import { inFrame } from "../frame.ts";
import type { Gateway } from "../gateway.ts";
import { Opening } from "../opening.ts";
import { outcomeOf, stopOf } from "../outcome.ts";
import { usageUnknown } from "../process/usage-sampler.ts";
import type { AttemptOutcome, Runner } from "../runner.ts";
import { checkPorts } from "./check-ports.ts";
import { adoptContainers, runContainer } from "./container-attempt.ts";
import { hostPlaces } from "./container-folder.ts";
import { filterOf, runLabel, tokenLabel } from "./labels.ts";
import { openShop } from "./open-shop.ts";
import { doorOf } from "./passes.ts";

export interface DockerRunnerOptions {
  readonly artifacts: ArtifactAccess;
  /** The config's folder and the state folder (both absolute). */
  readonly root: string;
  readonly state: string;
  /** How containers reach this process; without it they reach no tracker of it. */
  readonly gateway?: Gateway;
  /** Whether a run may yet be taken up: what was left of all others is removed. Default: all may. */
  readonly mayGoOn?: (run: string) => Promise<boolean>;
  /** How long a container may take to end after it was asked to. */
  readonly graceMs?: number;
  /** Most bytes of log kept of an attempt; past it only the newest output is. */
  readonly logLimit?: number;
  /** Where the daemon is named, logins are found and secrets are read from. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs each attempt in a container of its own on a Docker daemon that sees the files of this machine. The application is
 * at `/app`, to be read, and the attempt's files are in `/scanflow`; see the node contract. Containers go on when this
 * process is killed: `adopt` takes them over. The daemon is asked for when it is first needed.
 */
export function dockerRunner(options: DockerRunnerOptions): Runner {
  const running = new Map<Attempt, Promise<unknown>>();
  const asides = new Asides();
  const shop = new Opening(() => openShop(options, asides.take));
  const follow = (attempt: Attempt, work: Promise<AttemptOutcome>) => {
    const done = work.finally(() => {
      running.delete(attempt);
      forgetCollected(attempt.spec.workdir);
    });
    running.set(attempt, done);
    return { done, cancel: () => attempt.stop({ kind: "cancelled" as const }) };
  };
  const find = async (token: string) => {
    const { daemon, ownerLabel } = await shop.need();
    return listContainers(daemon.docker, filterOf({ ...ownerLabel, ...tokenLabel(token) }));
  };

  return {
    name: "docker",
    outlives: true,
    check: () => undefined,
    async ready(plan) {
      const { images, daemon, ownerLabel } = await shop.need();
      await images.ready(plan);
      await checkPorts(plan, daemon.docker, ownerLabel);
    },
    start(spec, listener) {
      const attempt = new Attempt(spec, listener);
      const work = shop.need().then(
        (open) => inFrame(attempt, open, { places: () => hostPlaces(spec), run: runContainer }),
        (error: unknown) => outcomeOf(stopOf(error, spec.task), usageUnknown),
      );
      return follow(attempt, work);
    },
    async adopt(spec, listener) {
      // Its folder goes before its container does, and before its end is on record.
      if (wasCollected(spec.workdir) || !existsSync(spec.workdir)) return null;
      const open = await shop.need();
      const { docker } = open.daemon;
      const found = await Promise.all((await find(spec.token)).map(({ Id }) => inspectContainer(docker, Id)));
      const there = found.filter((one) => one !== undefined);
      if (there.length !== Math.max(1, spec.service?.replicas ?? 1) || !there.every(mayBeAdopted))
        return null;
      // What runs may ask for its owner as soon as its run is said to go on. If that fails, it is told below.
      const { port } = doorOf(there[0]?.Config.Env ?? []);
      await open.networks.need(spec, port).catch(() => undefined);
      // Its whole output is read again.
      rmSync(spec.log, { force: true });
      const attempt = new Attempt(spec, listener);
      const run = (frame: Parameters<typeof adoptContainers>[0]) => adoptContainers(frame, there);
      return follow(attempt, inFrame(attempt, open, { places: () => hostPlaces(spec), underWay: true, run }));
    },
    async leave(run) {
      const open = await shop.ifOpen();
      // A network cannot go before its last container.
      await asides.settled();
      if (!open) return;
      const { daemon, ownerLabel, networks } = open;
      // One that was asked for by an owner that died, and made only after the next had looked for it.
      const late = await listContainers(daemon.docker, filterOf({ ...ownerLabel, ...runLabel(run) }));
      for (const { Id } of late) await removeContainer(daemon.docker, Id);
      await networks.leave(run);
    },
    async reclaim({ token, workdir }) {
      const { daemon } = await shop.need();
      for (const { Id } of await find(token)) await removeContainer(daemon.docker, Id);
      await removeWorkdir(workdir);
      forgetCollected(workdir);
    },
    async close() {
      for (const attempt of running.keys()) attempt.stop({ kind: "cancelled" });
      await Promise.all(running.values());
      const open = await shop.ifOpen();
      await asides.settled();
      // A daemon that is away keeps nobody from ending: the next owner removes what is left.
      await open?.networks.close().catch(() => undefined);
      await options.gateway?.close();
      open?.daemon.docker.close();
    },
  };
}

/** One that failed while its owner was away may have failed because of that. */
function mayBeAdopted({ State }: ContainerDetails): boolean {
  return State.Running || (State.Status === "exited" && State.ExitCode === 0);
}
