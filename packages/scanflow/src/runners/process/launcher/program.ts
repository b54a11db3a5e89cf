import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Exit } from "../exit.ts";
import { endFamily, type Family, mayHaveLeft } from "../leftovers.ts";
import type { Meter, UsageSampler } from "../usage-sampler.ts";
import type { ProgramOrder, ProgramReport } from "./messages.ts";

/** What the programs of one launcher share. */
export interface Yard {
  readonly base: Readonly<Record<string, string>>;
  readonly graceMs: number;
  readonly sampler: UsageSampler;
  /** The processes that were started and have not ended. */
  readonly own: Set<number>;
}

export interface Tell {
  /** It runs, and has for a moment. */
  started(pid: number): void;
  output(which: "stdout" | "stderr", chunk: Buffer, from: Readable): void;
  exited(exit: Exit): void;
  ended(report: ProgramReport): void;
  refused(error: unknown): void;
}

/** Starts a program in a process group of its own; undefined when that is refused. */
export function startProgram(order: ProgramOrder, yard: Yard, tell: Tell): Program | undefined {
  let child: ChildProcess;
  try {
    child = spawn(order.file, order.args, {
      cwd: order.cwd,
      env: environmentOf(order, yard.base),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    tell.refused(error);
    return undefined;
  }
  const { pid } = child;
  if (pid === undefined) {
    child.once("error", (error) => tell.refused(error));
    return undefined;
  }
  return new Program({ child, family: { group: pid, token: order.token }, pid, yard, tell });
}

/** On the base as its prototype, along which variables are read: it need not be copied. */
function environmentOf({ variables, without }: ProgramOrder, base: Yard["base"]): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = Object.assign(Object.create(base), variables);
  for (const name of without) env[name] = undefined;
  return env;
}

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly family: Family;
  readonly yard: Yard;
  readonly tell: Tell;
}

/** How long a program runs before its start is told: most of the shortest ones have ended by then. */
const youngMs = 20;
/** How long output is waited for that a process beyond reach holds open. */
const closeMs = 1000;

/**
 * A program that was started, until nothing of it runs any more.
 *
 * `node:child_process` directly: starting `true` through execa 9 took 0.5 to 0.7 ms more of CPU time per command, as
 * much again as the start itself.
 */
export class Program {
  readonly #started: Started;
  readonly #meter: Meter;
  readonly #outputs: readonly Readable[];
  readonly #young: NodeJS.Timeout;
  readonly #read = Promise.withResolvers<void>();
  #unread = 0;
  #ending: Promise<number> | undefined;
  #exited = false;

  constructor(started: Started) {
    this.#started = started;
    const { child, pid, yard, tell } = started;
    yard.own.add(pid);
    this.#young = setTimeout(() => tell.started(pid), youngMs);
    this.#meter = yard.sampler.watch(pid);
    this.#outputs = [this.#forward("stdout", child.stdout), this.#forward("stderr", child.stderr)].flat();
    child.once("exit", (code, signal) => void this.#finish({ code, signal }));
  }

  get family(): Family {
    const { family } = this.#started;
    // The number of the group may be another's as soon as the process is gone.
    return this.#exited ? { ...family, group: null } : family;
  }

  /** Asks it to end, then ends it by force. */
  end(): void {
    if (!this.#exited) this.#ending ??= endFamily(this.#started.family, this.#started.yard.graceMs);
  }

  #forward(which: "stdout" | "stderr", output: Readable | null): Readable[] {
    if (output === null) return [];
    this.#unread += 1;
    let open = true;
    const done = () => {
      if (!open) return;
      open = false;
      // At once: the writing half, which there is none of, is not worth a shutdown.
      output.destroy();
      this.#unread -= 1;
      if (this.#unread > 0) return;
      this.#meter.last();
      this.#read.resolve();
    };
    output.on("data", (chunk: Buffer) => this.#started.tell.output(which, chunk, output));
    output.once("end", done).once("close", done);
    // A pipe that breaks has nothing more to say.
    output.on("error", () => output.destroy());
    return [output];
  }

  async #finish(exit: Exit): Promise<void> {
    const { family, pid, yard, tell } = this.#started;
    this.#exited = true;
    clearTimeout(this.#young);
    yard.sampler.unwatch(this.#meter);
    const leaves = this.#ending === undefined && mayHaveLeft(family, pid, yard.own);
    yard.own.delete(pid);
    if (leaves || this.#ending || this.#unread > 0) tell.exited(exit);
    const left = leaves ? await endFamily(family, yard.graceMs) : 0;
    await this.#ending;
    if (this.#unread > 0) await this.#closeOutputs();
    tell.ended({ exit, usage: this.#meter.usage, left });
  }

  async #closeOutputs(): Promise<void> {
    const timer = setInterval(() => {
      // What is held back has not been read out yet.
      if (this.#outputs.every((output) => !output.isPaused()))
        for (const output of this.#outputs) output.destroy();
    }, closeMs);
    await this.#read.promise;
    clearInterval(timer);
  }
}
