import { createService, type Docker, type ServiceDetails } from "../../docker/index.ts";
import type { Labels } from "../docker/labels.ts";
import type { Door, OfferedAttempt } from "../gateway.ts";
import { stopOf, withImage } from "../outcome.ts";
import type { AttemptListener, AttemptOutcome, AttemptSpec } from "../runner.ts";
import { endService } from "./end-service.ts";
import { type JobMode, jobOf } from "./job.ts";
import type { RunNetworks } from "./run-networks.ts";
import type { SwarmImages } from "./swarm-images.ts";
import { serviceGone, sightOf } from "./task-state.ts";
import type { TaskWatch } from "./task-watch.ts";

/** All that is there once the swarm was found. */
export interface SwarmRooms {
  readonly docker: Docker;
  readonly door: Door;
  readonly watch: TaskWatch;
  readonly images: SwarmImages;
  readonly networks: RunNetworks;
  /** By which everything is found that this owner made. */
  readonly owner: Labels;
  /** The only node that has the images; null: all can get them. */
  readonly node: string | null;
  readonly code: () => Promise<string>;
  readonly graceMs: number;
  readonly mode: JobMode;
  /** Takes care of something that need not be waited for, such as the removal of a container. */
  readonly aside: (work: Promise<unknown>) => void;
}

export interface Told {
  readonly listener: AttemptListener;
  readonly signal: AbortSignal;
}

/** Beyond the time that a command gets to end: the shim's answer, the daemon's work. */
export const marginMs = 15_000;

/** A container that is there comes to the gateway within a second or two. */
const unheardMs = 20_000;

/** Runs an attempt from the making of its job to the end of its container. */
export async function carryOut(
  spec: AttemptSpec,
  rooms: SwarmRooms,
  { listener, signal }: Told,
): Promise<AttemptOutcome> {
  const { docker, door, images, networks, owner, node, graceMs, mode } = rooms;
  const code = await rooms.code();
  signal.throwIfAborted();
  const offered = door.offer({ spec, listener, to: "token", code });
  signal.addEventListener("abort", () => offered.cancel());
  // A start timeout may run out here as well.
  const stop = new AbortController();
  const forget = offered.onStop(() => stop.abort());
  const note = noteIn(offered);
  try {
    const { image, ref, shim, auth } = await images.need(spec, { note, signal: stop.signal });
    const network = await networks.need(spec);
    stop.signal.throwIfAborted();
    const { variables } = offered;
    const job = jobOf(spec, { image, shim, variables, owner, networks: [network], node, graceMs, mode });
    const id = await createService(docker, job, { auth });
    forget();
    return withImage(await follow(id, { spec, rooms, offered, image: ref }), image);
  } catch (error) {
    forget();
    offered.gone(stopOf(error, spec.task));
    return offered.done;
  }
}

/** Goes on with an attempt whose job an earlier owner made. */
export async function goOn(
  spec: AttemptSpec,
  rooms: SwarmRooms,
  { listener, signal, service }: Told & { readonly service: ServiceDetails },
): Promise<AttemptOutcome> {
  const { Image, Env } = service.Spec.TaskTemplate.ContainerSpec;
  await rooms.networks.need(spec);
  const code = await rooms.code();
  const bearer = valueIn(Env, "SCANFLOW_GATEWAY_TOKEN");
  const offered = rooms.door.offer({ spec, listener, to: "token", code, ...(bearer && { bearer }) });
  signal.addEventListener("abort", () => offered.cancel());
  return withImage(await follow(service.ID, { spec, rooms, offered, image: Image }), Image);
}

interface Followed {
  readonly spec: AttemptSpec;
  readonly rooms: SwarmRooms;
  readonly offered: OfferedAttempt;
  /** As people know it. */
  readonly image: string;
}

async function follow(
  id: string,
  { spec, rooms: { docker, door, watch, graceMs, aside }, offered, image }: Followed,
): Promise<AttemptOutcome> {
  const seen = { task: spec.task, memory: spec.resources?.memory ?? 0, image };
  const note = noteIn(offered);
  let unheard: NodeJS.Timeout | undefined;
  const tellUnheard = () => {
    if (offered.isClaimed) return;
    note(
      `its container runs, but has not come to ${door.url} yet. Where its node does not reach that address, name another with --gateway, or let it through the firewall.`,
    );
  };
  const unfollow = watch.follow(id, {
    saw([newest]) {
      const sight = sightOf(newest?.task, newest?.node, seen);
      if (sight.kind === "over") offered.gone(sight.reason);
      else if (sight.note !== undefined) note(sight.note);
      if (newest?.task.Status.State === "running") unheard ??= setTimeout(tellUnheard, unheardMs);
    },
    gone: () => offered.gone(serviceGone(spec.task)),
    troubled: (error) => note(`the swarm does not answer and is asked again: ${messageOf(error)}`),
  });
  const outcome = await offered.done;
  clearTimeout(unheard);
  unfollow();
  const ended = endService(docker, id, graceMs + marginMs).catch(() => undefined);
  // What succeeded has answered for itself and only its container is left; of all else something may go on.
  if (outcome.kind === "succeeded") aside(ended);
  else await ended;
  return outcome;
}

/** What stands in a container's variables. */
export function valueIn(env: readonly string[], name: string): string | undefined {
  return env.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Says something in the log of an attempt, once. */
export function noteIn(offered: OfferedAttempt): (words: string) => void {
  const log = offered.log();
  let said = "";
  return (words) => {
    if (words === said) return;
    said = words;
    log.write(Buffer.from(`[scanflow] ${words}\n`));
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
