import { statSync } from "node:fs";
import type { JsonObject } from "@scanflow/core";
import { ScanflowError } from "@scanflow/core";
import { inspectContainer, killContainer } from "../../docker/index.ts";
import { Stopped } from "../attempt.ts";
import type { Frame } from "../frame.ts";
import { LoggedFile } from "../function/logged-file.ts";
import { stepProcessResult } from "../function/step-result.ts";
import type { RemoteCommand } from "../gateway.ts";
import { stopOf } from "../outcome.ts";
import { readResult } from "../result-file.ts";
import { type ContainerEnd, exitOf, judgeContainer } from "./container-exit.ts";
import { hostPlaces } from "./container-folder.ts";
import type { DockerShop } from "./docker-shop.ts";
import { type Connected, FollowedContainer, gone } from "./followed-container.ts";
import { ContainerUsage, sumOf } from "./usage-files.ts";

/** The container of an attempt; of a service with replicas, all of them. */
export interface RunningContainers {
  readonly containers: readonly Connected[];
  readonly command: RemoteCommand;
  readonly image: string;
  /** When it started, in milliseconds since the epoch. */
  readonly since: number;
}

/** What a step logs is looked at so often while it runs. */
const lookMs = 500;

/** With which the driver says that the file is no notebook that it can run. */
const invalidNotebookExit = 65;

/**
 * Follows containers to the end of the first, ends them when the attempt is stopped, and gives the result that was
 * left.
 */
export async function followContainers(
  frame: Frame<DockerShop>,
  running: RunningContainers,
): Promise<JsonObject> {
  const { attempt, workshop, places, log } = frame;
  const { spec, listener } = attempt;
  const { since } = running;
  const { docker } = workshop.daemon;
  const { task } = spec;
  const containers = running.containers.map((one) => new FollowedContainer(one, { docker, task, log }));
  const ids = containers.map(({ id }) => id);
  const usages = ids.map((id) => new ContainerUsage(id));
  const imageId = imageOf(frame, ids[0] ?? "");
  const logged = isStep(frame)
    ? new LoggedFile(hostPlaces(spec).logged, (batch) => listener.logged(batch))
    : null;
  const look = setInterval(() => {
    try {
      logged?.look();
    } catch (error) {
      attempt.stop(stopOf(error, spec.task));
    }
  }, lookMs);
  let force: NodeJS.Timeout | undefined;
  const end = (signal: string) =>
    Promise.all(ids.map((id) => killContainer(docker, id, signal))).catch((error: unknown) =>
      log.note(`it could not be ended: ${error}`),
    );
  const forget = attempt.onStop(() => {
    for (const container of containers) container.giveUp();
    void end("SIGTERM");
    force = setTimeout(() => void end("SIGKILL"), workshop.graceMs);
  });
  try {
    attempt.started(() => lastBeat(places.heartbeat), since);
    const [code, id] = await Promise.race(containers.map(async ({ exit, id }) => [await exit, id] as const));
    attempt.ended();
    // Of several replicas all are asked to end with the attempt; without, the others go with the first.
    if (ids.length > 1 && !attempt.stopped) await end("SIGKILL");
    await Promise.all(containers.map(({ written }) => written));
    logged?.look();
    attempt.checkStopped();
    return await resultOf(frame, running, { id, code, logged });
  } finally {
    attempt.ended();
    clearInterval(look);
    clearTimeout(force);
    forget();
    for (const usage of usages) usage.stop();
    for (const container of containers) container.close();
    frame.usage = { ...sumOf(usages), ...(await imageId) };
  }
}

/** By its name the image may be another one tomorrow. Who cannot be told runs all the same. */
async function imageOf({ workshop }: Frame<DockerShop>, id: string): Promise<{ image?: string }> {
  const found = await inspectContainer(workshop.daemon.docker, id).catch(() => undefined);
  return found === undefined ? {} : { image: found.Image };
}

async function resultOf(
  { attempt, workshop, places, log }: Frame<DockerShop>,
  { command, image }: RunningContainers,
  { id, code, logged }: { readonly id: string; readonly code: number; readonly logged: LoggedFile | null },
): Promise<JsonObject> {
  const { spec } = attempt;
  if (code === 0 && logged === null) return readResult(places.result, spec.task);
  const details = code === 0 ? null : await inspectContainer(workshop.daemon.docker, id);
  if (details === undefined || details?.State.Status === "removing") throw gone(spec.task);
  const outOfMemory = details?.State.OOMKilled === true;
  const end: ContainerEnd = { code, outOfMemory };
  // What a step says of its end tells more than its exit code, which a system without memory gives.
  if (logged && !outOfMemory && (logged.end || code < 126))
    return stepProcessResult(spec, exitOf(end), logged.end);
  const quote = log.quote();
  if (spec.command.kind === "notebook" && code === invalidNotebookExit) {
    throw new ScanflowError(
      "SCANFLOW_NOTEBOOK_INVALID",
      `The notebook of task "${spec.task}" cannot be run: ${quote}\nCorrect ${spec.command.notebook}.`,
    );
  }
  const failed = judgeContainer(spec, end, { command, image, quote });
  if (failed) throw new Stopped(failed);
  return readResult(places.result, spec.task);
}

function isStep({ attempt }: Frame<DockerShop>): boolean {
  const { kind } = attempt.spec.command;
  return kind === "module" || kind === "check";
}

/** When the command last touched its heartbeat file, in milliseconds since the epoch. */
function lastBeat(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
