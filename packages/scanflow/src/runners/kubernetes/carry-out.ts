import { readdir } from "node:fs/promises";
import type { Cluster } from "../../kubernetes/index.ts";
import type { Door, OfferedAttempt } from "../gateway.ts";
import { stopOf, withImage } from "../outcome.ts";
import type { AttemptListener, AttemptOutcome, AttemptSpec } from "../runner.ts";
import { createObjects, deleteJob } from "./attempt-objects.ts";
import { isAttended } from "./attended.ts";
import type { ClusterView } from "./cluster-view.ts";
import { keptLines } from "./kept-lines.ts";
import { attemptManifests, attendedGraceSeconds } from "./manifest.ts";
import type { Memory } from "./memory.ts";
import { attemptName } from "./names.ts";
import { PodAttempt, type PodAttemptOptions } from "./pod-attempt.ts";
import type { PodImages } from "./pod-images.ts";
import { addressOf } from "./service-manifest.ts";

/**
 * How long the cluster may take to end a pod that is being deleted, before it counts as lost (a minute), to make the
 * pod of a Job, before the log says so (half a minute), and a service to answer, before the log says so (5 seconds).
 */
export type Patience = Pick<PodAttemptOptions, "goneMs" | "podlessMs" | "silentMs">;

/** All that is there once the cluster was found. */
export interface ClusterRooms {
  readonly cluster: Cluster;
  readonly view: ClusterView;
  readonly door: Door;
  readonly memory: Memory;
  readonly pullSecrets: readonly string[];
  readonly images: PodImages;
  readonly code: () => Promise<string>;
  /** Whether the cluster has native sidecars. */
  readonly hasSidecars: () => Promise<boolean>;
  readonly patience: Patience;
}

interface Told {
  readonly listener: AttemptListener;
  readonly signal: AbortSignal;
}

/** Runs an attempt from its Job's making to its end. */
export async function carryOut(
  spec: AttemptSpec,
  rooms: ClusterRooms,
  { listener, signal }: Told,
): Promise<AttemptOutcome> {
  const code = await rooms.code();
  const attended = await needsAttendant(spec, rooms);
  signal.throwIfAborted();
  const offered = offer(spec, rooms, { listener, code, attended });
  const attempt = podAttempt(spec, rooms, { offered, linesKept: 0 });
  signal.addEventListener("abort", () => offered.cancel());
  // A start timeout may run out here as well.
  const stop = new AbortController();
  const forget = offered.onStop(() => stop.abort());
  attempt.follow();
  try {
    const images = await rooms.images(spec, (line) => attempt.note(line));
    stop.signal.throwIfAborted();
    const manifests = manifestsOf(spec, rooms, { offered, images });
    const address = await createObjects(rooms.cluster, manifests, {
      signal: stop.signal,
      troubled: (error) => attempt.note(`the cluster does not answer and is asked again: ${String(error)}`),
    });
    forget();
    await attempt.run(urlOf(spec, address));
  } catch (error) {
    forget();
    attempt.leave();
    await deleteJob(rooms.cluster, attemptName(spec, rooms.memory.owner), "Foreground").catch(
      () => undefined,
    );
    offered.gone(stopOf(error, spec.task));
  }
  return withImage(await offered.done, attempt.image);
}

/** Goes on with an attempt whose Job is there, and whose Service has this address, if it has one. */
export async function goOn(
  spec: AttemptSpec,
  rooms: ClusterRooms,
  {
    listener,
    signal,
    address,
    attended,
  }: Told & { readonly address: string | undefined; readonly attended: boolean },
): Promise<AttemptOutcome> {
  // Which line is of which replica nobody knows.
  const isMixed = (spec.service?.replicas ?? 1) > 1;
  const linesKept = isMixed ? 0 : await keptLines(spec.log);
  signal.throwIfAborted();
  const offered = offer(spec, rooms, { listener, code: await rooms.code(), attended });
  signal.addEventListener("abort", () => offered.cancel());
  const attempt = podAttempt(spec, rooms, { offered, linesKept });
  if (isMixed)
    attempt.note(
      "the process that ran Scanflow ended, and this attempt went on: what it wrote so far follows",
    );
  attempt.follow();
  await attempt.run(urlOf(spec, address));
  return withImage(await offered.done, attempt.image);
}

function urlOf({ service }: AttemptSpec, address: string | undefined): string | undefined {
  return service && address !== undefined ? addressOf(service, address) : undefined;
}

function offer(
  spec: AttemptSpec,
  { door, memory }: ClusterRooms,
  given: { listener: AttemptListener; code: string; attended: boolean },
): OfferedAttempt {
  const graceMs = given.attended ? { graceMs: attendedGraceSeconds * 1000 } : {};
  return door.offer({ spec, ...given, ...graceMs, to: "token", runs: false, bearer: memory.bearer(spec) });
}

/** What an earlier attempt left is to come back, too; a cluster without sidecars is only given it to read. */
async function needsAttendant(spec: AttemptSpec, { hasSidecars }: ClusterRooms): Promise<boolean> {
  if (isAttended(spec)) return true;
  const left = await readdir(spec.checkpoint).catch(() => []);
  return spec.service === undefined && left.length > 0 && hasSidecars();
}

function podAttempt(
  spec: AttemptSpec,
  { cluster, view, memory, patience }: ClusterRooms,
  given: { offered: OfferedAttempt; linesKept: number },
): PodAttempt {
  const name = attemptName(spec, memory.owner);
  return new PodAttempt({
    cluster,
    view,
    name,
    task: spec.task,
    memory: spec.resources?.memory ?? 0,
    replicas: spec.service ? Math.max(1, spec.service.replicas) : 0,
    ...patience,
    ...given,
  });
}

const noLimits = { cpu: 0, memory: 0, gpu: 0, storage: 0 };
const anywhere = { labels: {}, tolerations: [], affinity: null, serviceAccount: null };

function manifestsOf(
  spec: AttemptSpec,
  { memory, door, pullSecrets }: ClusterRooms,
  { offered, images }: { offered: OfferedAttempt; images: Awaited<ReturnType<PodImages>> },
) {
  const { application = "", workflow = "" } = spec.origin ?? {};
  return attemptManifests({
    place: spec,
    belonging: { application, workflow, owner: memory.owner },
    images: { main: images.main, shim: images.shim.image },
    shim: images.shim.command,
    command: offered.command,
    gateway: offered.variables,
    gatewayUrl: door.url,
    attendToken: offered.attendToken,
    resources: spec.resources ?? noLimits,
    placement: spec.placement ?? anywhere,
    timeout: spec.timeout,
    service: spec.service,
    services: spec.services,
    pullSecrets,
  });
}
