import { inspectContainer } from "../../docker/index.ts";
import { listeningInContainer } from "../contract/listening.ts";
import type { Frame } from "../frame.ts";
import { stopOf } from "../outcome.ts";
import type { AttemptSpec } from "../runner.ts";
import { awaitService } from "../service/await-service.ts";
import type { ServicePlace } from "./container-settings.ts";
import type { DockerShop } from "./docker-shop.ts";
import type { GroupNetwork } from "./group-networks.ts";

/**
 * How the replicas of a service are reached: all by the name of its node, the first also at a port of this machine.
 * Empty where the attempt is no service.
 */
export function servicePlaces(spec: AttemptSpec): readonly ServicePlace[] {
  const listening = listeningInContainer(spec);
  if (!spec.service || !listening) return [];
  const { port, replicas } = spec.service;
  return Array.from({ length: Math.max(1, replicas) }, (_, replica) => ({
    alias: nodeName(spec.task),
    port: listening.port,
    published: replica === 0 ? (port ?? 0) : null,
  }));
}

/** Tells the attempt once one of a service's containers can be asked. Call what it gives when the wait is over. */
export function watchContainers(
  frame: Frame<DockerShop>,
  network: GroupNetwork,
  ids: readonly string[],
): () => void {
  const { attempt } = frame;
  const [place] = servicePlaces(attempt.spec);
  const end = new AbortController();
  if (!place) return () => undefined;
  const answered = new AbortController();
  const url = `http://${place.alias}:${place.port}`;
  const ready = () => {
    if (answered.signal.aborted) return;
    answered.abort();
    attempt.ready(url);
  };
  // The first one is waited for in any case: of it is told where it is on this machine.
  const others = AbortSignal.any([end.signal, answered.signal]);
  for (const [replica, id] of ids.entries()) {
    const signal = replica === 0 ? end.signal : others;
    void watchOne(frame, { network, id, place, url, signal, ready }).catch((error: unknown) => {
      if (!signal.aborted) attempt.stop(stopOf(error, attempt.spec.task));
    });
  }
  return () => end.abort();
}

interface Watched {
  readonly network: GroupNetwork;
  readonly id: string;
  readonly place: ServicePlace;
  readonly url: string;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  readonly ready: () => void;
}

async function watchOne(
  { attempt, workshop, log }: Frame<DockerShop>,
  { network, id, place, url, signal, ready }: Watched,
): Promise<void> {
  const { service } = attempt.spec;
  const details = await inspectContainer(workshop.daemon.docker, id);
  const bound = details?.NetworkSettings.Ports?.[`${place.port}/tcp`]?.[0]?.HostPort;
  const ip = details?.NetworkSettings.Networks[network.name]?.IPAddress;
  // What stands between a published port and its container takes connections before the container does.
  const direct = network.isOurs && ip !== undefined && ip !== "";
  if (!direct && bound === undefined) return;
  const asked = await awaitService({
    ...(direct ? { host: ip, port: place.port } : { host: "127.0.0.1", port: Number(bound) }),
    health: service?.health ?? null,
    signal,
    note: (answer) => log.note(`cannot be asked at ${url} yet: ${answer}`),
  });
  if (!asked) return;
  // The first alone is published.
  if (bound !== undefined) log.note(`from this machine it is at http://127.0.0.1:${bound}`);
  ready();
}

/** The last name of a task's path, without the place in a map. */
export function nodeName(task: string): string {
  return (task.split("/").at(-1) ?? task).replace(/\[\d+\]$/, "");
}
