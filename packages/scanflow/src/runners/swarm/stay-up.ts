import { randomBytes } from "node:crypto";
import { createService, type ServiceDetails } from "../../docker/index.ts";
import { listeningInContainer } from "../contract/listening.ts";
import { nodeName } from "../docker/container-service.ts";
import type { OfferedAttempt } from "../gateway.ts";
import { stopOf } from "../outcome.ts";
import type { AttemptListener, AttemptOutcome, AttemptSpec } from "../runner.ts";
import { marginMs, messageOf, noteIn, type SwarmRooms, type Told, valueIn } from "./carry-out.ts";
import { endService } from "./end-service.ts";
import { standingOf } from "./job.ts";
import { serviceGone, sightOf } from "./task-state.ts";
import type { Sighting } from "./task-watch.ts";

/** Swarm puts the number of a replica in, from 1. */
const slotMark = "{{.Task.Slot}}";

/** Keeps a service up, in as many containers as it has replicas, until it is cancelled or one of them ends. */
export async function stayUp(spec: AttemptSpec, rooms: SwarmRooms, told: Told): Promise<AttemptOutcome> {
  const { docker, images, networks, owner, node, graceMs, mode, door } = rooms;
  const base = randomBytes(32).toString("base64url");
  const replicas = await offerAll(spec, rooms, { ...told, base });
  const stop = new AbortController();
  const forget = replicas.first.onStop(() => stop.abort());
  const note = noteIn(replicas.first);
  try {
    const { image, ref, shim, auth } = await images.need(spec, { note, signal: stop.signal });
    const network = await networks.need(spec);
    stop.signal.throwIfAborted();
    const variables = { SCANFLOW_GATEWAY: door.url, SCANFLOW_GATEWAY_TOKEN: `${base}.${slotMark}` };
    const own = { image, shim, variables, owner, networks: [network], node, graceMs, mode };
    const id = await createService(docker, standingOf(spec, own), { auth });
    forget();
    return await followAll(id, { spec, rooms, replicas, image: ref });
  } catch (error) {
    forget();
    for (const each of replicas.all) each.gone(stopOf(error, spec.task));
    return replicas.first.done;
  }
}

/** Goes on with a service that an earlier owner brought up. */
export async function stayOn(
  spec: AttemptSpec,
  rooms: SwarmRooms,
  { service, ...told }: Told & { readonly service: ServiceDetails },
): Promise<AttemptOutcome> {
  const { Image, Env } = service.Spec.TaskTemplate.ContainerSpec;
  await rooms.networks.need(spec);
  const base = valueIn(Env, "SCANFLOW_GATEWAY_TOKEN")?.replace(`.${slotMark}`, "") ?? "";
  const replicas = await offerAll(spec, rooms, { ...told, base });
  return followAll(service.ID, { spec, rooms, replicas, image: Image });
}

interface Replicas {
  /** Whose log and end are those of the attempt. */
  readonly first: OfferedAttempt;
  readonly all: readonly OfferedAttempt[];
}

/** One offer for each replica. What the others say is in logs beside the attempt's own. */
async function offerAll(
  spec: AttemptSpec,
  { door, code: codeNow }: SwarmRooms,
  { listener, signal, base }: Told & { readonly base: string },
): Promise<Replicas> {
  const code = await codeNow();
  signal.throwIfAborted();
  const offer = (slot: number) => {
    const own = slot === 1 ? spec : beside(spec, slot);
    const hears = slot === 1 ? listener : deaf;
    return door.offer({ spec: own, listener: hears, to: "token", code, bearer: `${base}.${slot}` });
  };
  const first = offer(1);
  const others = Array.from({ length: (spec.service?.replicas ?? 1) - 1 }, (_, at) => offer(at + 2));
  const all = [first, ...others];
  signal.addEventListener("abort", () => {
    for (const each of all) each.cancel();
  });
  return { first, all };
}

function beside(spec: AttemptSpec, slot: number): AttemptSpec {
  const { workdir, log, timeout } = spec;
  return {
    ...spec,
    workdir: `${workdir}.${slot}`,
    log: `${log}.${slot}`,
    // The first one's decides.
    timeout: { ...timeout, startMs: null },
  };
}

const nothing = () => undefined;
const deaf: AttemptListener = { started: nothing, ready: nothing, logged: nothing, line: nothing };

interface Followed {
  readonly spec: AttemptSpec;
  readonly rooms: SwarmRooms;
  readonly replicas: Replicas;
  readonly image: string;
}

async function followAll(
  id: string,
  { spec, rooms: { docker, watch, graceMs }, replicas: { first, all }, image }: Followed,
): Promise<AttemptOutcome> {
  const seen = { task: spec.task, memory: spec.resources?.memory ?? 0, image };
  const note = noteIn(first);
  const url = `http://${nodeName(spec.task)}:${listeningInContainer(spec)?.port}`;
  const saw = ({ task, node }: Sighting) => {
    const sight = sightOf(task, node, seen);
    if (sight.kind === "over") all[(task.Slot ?? 1) - 1]?.gone(sight.reason);
    else if (sight.note !== undefined) note(sight.note);
    // With a health check, Swarm says so once it is healthy.
    if (task.Status.State === "running") first.ready(url);
  };
  const unfollow = watch.follow(id, {
    saw: (sightings) => sightings.forEach(saw),
    gone: () => {
      for (const each of all) each.gone(serviceGone(spec.task));
    },
    troubled: (error) => note(`the swarm does not answer and is asked again: ${messageOf(error)}`),
  });
  const outcome = await Promise.race(all.map(({ done }) => done));
  unfollow();
  for (const each of all) each.cancel();
  await Promise.all(all.map(({ done }) => done));
  await endService(docker, id, graceMs + marginMs).catch(() => undefined);
  return outcome;
}
