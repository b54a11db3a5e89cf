import { statSync } from "node:fs";
import type { Readable } from "node:stream";
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
import { writeOutput } from "./container-output.ts";
import type { DockerShop } from "./docker-shop.ts";
import { ContainerUsage } from "./usage-files.ts";

export interface RunningContainer {
  readonly id: string;
  readonly command: RemoteCommand;
  readonly image: string;
  /** Both its streams, as the daemon sends them. */
  readonly output: Readable;
  readonly exit: Promise<number>;
  /** When it started, in milliseconds since the epoch. */
  readonly since: number;
}

/** What a step logs is looked at so often while it runs. */
const lookMs = 500;

/** With which the driver says that the file is no notebook that it can run. */
const invalidNotebookExit = 65;

/** Follows a container to its end, ends it when the attempt is stopped, and gives the result that it left. */
export async function followContainer(
  frame: Frame<DockerShop>,
  container: RunningContainer,
): Promise<JsonObject> {
  const { attempt, workshop, places, log } = frame;
  const { spec, listener } = attempt;
  const { id, exit, output, since } = container;
  const { docker } = workshop.daemon;
  const usage = new ContainerUsage(id);
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
    killContainer(docker, id, signal).catch((error: unknown) => log.note(`it could not be ended: ${error}`));
  const forget = attempt.onStop(() => {
    void end("SIGTERM");
    force = setTimeout(() => void end("SIGKILL"), workshop.graceMs);
  });
  const written = writeOutput(output, log);
  written.catch(() => undefined);
  try {
    attempt.started(() => lastBeat(places.heartbeat), since);
    const code = await exit;
    attempt.ended();
    await written;
    logged?.look();
    attempt.checkStopped();
    return await resultOf(frame, container, { code, logged });
  } finally {
    attempt.ended();
    clearInterval(look);
    clearTimeout(force);
    forget();
    usage.stop();
    frame.usage = usage.usage;
    output.destroy();
  }
}

async function resultOf(
  { attempt, workshop, places, log }: Frame<DockerShop>,
  { id, command, image }: RunningContainer,
  { code, logged }: { readonly code: number; readonly logged: LoggedFile | null },
): Promise<JsonObject> {
  const { spec } = attempt;
  if (code === 0 && logged === null) return readResult(places.result, spec.task);
  const outOfMemory =
    code !== 0 && (await inspectContainer(workshop.daemon.docker, id))?.State.OOMKilled === true;
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
