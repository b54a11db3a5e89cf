import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { errorCode, ScanflowError } from "@scanflow/core";
import {
  type ContainerDetails,
  containerLogs,
  type Docker,
  inspectContainer,
  waitForContainer,
} from "../../docker/index.ts";
import type { AttemptLog } from "../log/attempt-log.ts";
import { ContainerOutput } from "./container-output.ts";

/** What the daemon sends of a container while it runs. */
export interface Connected {
  readonly id: string;
  /** Both its streams from their beginning, as the daemon sends them. */
  readonly output: Readable;
  /** Whether they come from the daemon's log: it may stop following that before its end (seen with Docker 20.10). */
  readonly isLog: boolean;
  readonly exit: Promise<number>;
}

export interface FollowOptions {
  readonly docker: Docker;
  readonly task: string;
  readonly log: AttemptLog;
}

/** Asks a daemon for a container that it has: all that it wrote so far comes again. */
export async function connectTo(
  docker: Docker,
  { Id: id, State }: Pick<ContainerDetails, "Id" | "State">,
): Promise<Connected> {
  const [{ exit }, output] = await Promise.all([
    waitForContainer(docker, id),
    containerLogs(docker, id, { follow: State.Running }),
  ]);
  // Looked at once it is followed.
  exit.catch(() => undefined);
  return { id, output, isLog: true, exit };
}

/** How long a daemon that went away is waited for: as long as it takes to be updated. */
const patienceMs = 60_000;
const askEveryMs = 500;

/** A container that is followed to its end, also when its daemon goes away and comes back in between. */
export class FollowedContainer {
  readonly id: string;
  readonly exit: Promise<number>;
  /** Holds once its whole output is in the log. */
  readonly written: Promise<void>;
  readonly #options: FollowOptions;
  readonly #output: ContainerOutput;
  readonly #closed = new AbortController();
  #connected: Connected;

  constructor(connected: Connected, options: FollowOptions) {
    this.id = connected.id;
    this.#connected = connected;
    this.#options = options;
    this.#output = new ContainerOutput(options.log);
    const exit = Promise.withResolvers<number>();
    this.exit = exit.promise;
    this.written = this.#follow(exit.resolve).finally(() => this.#output.end());
    this.written.catch(exit.reject);
    this.exit.catch(() => undefined);
  }

  /** Ends the wait, whatever becomes of the container. */
  close(): void {
    this.#closed.abort();
    this.#connected.output.destroy();
  }

  /** Does not wait any longer for a daemon that is away. */
  giveUp(): void {
    this.#closed.abort();
  }

  async #follow(exited: (code: number) => void): Promise<void> {
    for (;;) {
      const { output, isLog, exit } = this.#connected;
      const taken = lossOf(this.#output.take(output));
      const left = await lossOf(exit.then(exited));
      if (left !== null) output.destroy();
      const lost = (await taken) ?? left ?? (isLog ? await lossOf(this.#takeRest()) : null);
      if (lost === null) return;
      await this.#again(lost);
    }
  }

  /** What is known already is passed over. */
  async #takeRest(): Promise<void> {
    await this.#output.take(await containerLogs(this.#options.docker, this.id));
  }

  async #again(lost: unknown): Promise<void> {
    const { docker, task, log } = this.#options;
    if (!isLost(lost) || this.#closed.signal.aborted) throw lost;
    log.note("the Docker daemon went away: it is asked again, and the task goes on if its container does");
    const details = await this.#details(lost);
    if (details === undefined) throw gone(task);
    this.#connected = await connectTo(docker, details);
    log.note("the Docker daemon answers again");
  }

  /** What there is of the container once its daemon answers; undefined: it is gone. */
  async #details(lost: unknown): Promise<ContainerDetails | undefined> {
    const { signal } = this.#closed;
    const until = Date.now() + patienceMs;
    for (;;) {
      try {
        return await inspectContainer(this.#options.docker, this.id);
      } catch (error) {
        if (!isLost(error) || Date.now() >= until) throw error;
      }
      await pause(askEveryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw lost;
    }
  }
}

/** What went wrong; null: nothing. */
function lossOf(work: Promise<void>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

/** Whether it is the connection that broke. */
function isLost(error: unknown): boolean {
  if (errorCode(error) === "SCANFLOW_DOCKER_UNREACHABLE") return true;
  return error instanceof Error && "code" in error && error.code === "ECONNRESET";
}

/** The error of a container that is not there any more. */
export function gone(task: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_ATTEMPT_LOST",
    `The container of task "${task}" was removed by somebody else while it ran. See who removes containers from the Docker daemon ("docker events"); the attempt is made again.`,
  );
}
