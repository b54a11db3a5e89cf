import { type ChildProcess, spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Tail } from "../../log/tail.ts";
import { markerVariable } from "../marker.ts";
import { FrameReader, FrameWriter } from "./frames.ts";
import {
  fromLauncher,
  type ProgramOrder,
  type ProgramReport,
  type Refusal,
  type SetUp,
  toLauncher,
} from "./messages.ts";

export interface ProgramListener {
  started(pid: number): void;
  output(which: "stdout" | "stderr", chunk: Buffer): void;
  /** The program has ended, and something that it began still goes on. */
  exited(): void;
}

export type ProgramEnd =
  | ({ readonly kind: "ended" } & ProgramReport)
  /** What the start threw. */
  | { readonly kind: "refused"; readonly error: Error }
  /** The launcher ended first; the program may still run. */
  | { readonly kind: "lost"; readonly reason: string };

export interface LaunchedProgram {
  /** Settles when nothing of the program runs any more, or nothing more is heard of it. Never rejects. */
  readonly done: Promise<ProgramEnd>;
  /** Asks it to end, then ends it by force. */
  end(): void;
}

export interface LauncherSetUp extends SetUp {
  /** The marker of the attempt that this owner is itself a part of. */
  readonly marker: string | undefined;
}

interface Known {
  readonly listener: ProgramListener;
  readonly settle: (end: ProgramEnd) => void;
}

/** Collecting early keeps few pages in use, and what a start costs follows from them. */
const flags = ["--max-semi-space-size=1", "--max-old-space-size=256", "--single-threaded", "--no-warnings"];
/** What the launcher itself may need of the environment to start. */
const needed = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];
/** How much of the launcher's own last words is kept. */
const wordsBytes = 4096;

/** One launcher process, as its owner sees it. */
export class LauncherProcess {
  readonly #gone: (gone: LauncherProcess) => void;
  readonly #programs = new Map<number, Known>();
  readonly #child: ChildProcess | undefined;
  readonly #socket: Socket | undefined;
  readonly #writer: FrameWriter | undefined;
  readonly #words = new Tail(wordsBytes);
  readonly #closed = Promise.withResolvers<void>();
  #count = 0;

  /** `gone` is called when no more programs can be started with it. */
  constructor({ marker, ...setUp }: LauncherSetUp, gone: (gone: LauncherProcess) => void) {
    this.#gone = gone;
    try {
      this.#child = spawnLauncher(marker);
    } catch (error) {
      queueMicrotask(() => this.#lose(String(error)));
      return;
    }
    this.#child.once("error", (error) => this.#lose(String(error)));
    this.#child.once("close", (code, signal) => {
      const how = signal === null ? `with exit code ${code}` : `by the signal ${signal}`;
      this.#lose(`it ended ${how}. ${this.#words.read()}`.trim());
    });
    this.#child.unref();
    const [, , stderr, socket] = this.#child.stdio ?? [];
    if (!(socket instanceof Socket) || !(stderr instanceof Socket)) return;
    stderr.on("data", (chunk: Buffer) => this.#words.push(chunk));
    stderr.unref();
    const reader = new FrameReader((kind, about, content) => this.#take(kind, about, content));
    socket.on("data", (chunk: Buffer) => reader.read(chunk));
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#gone(this));
    socket.unref();
    this.#socket = socket;
    this.#writer = new FrameWriter(socket);
    this.#writer.writeJson(toLauncher.setUp, 0, setUp);
  }

  launch(order: ProgramOrder, listener: ProgramListener): LaunchedProgram {
    this.#count += 1;
    const about = this.#count;
    const { promise: done, resolve: settle } = Promise.withResolvers<ProgramEnd>();
    this.#programs.set(about, { listener, settle });
    this.#child?.ref();
    this.#socket?.ref();
    this.#writer?.writeJson(toLauncher.start, about, order);
    return { done, end: () => this.#writer?.write(toLauncher.end, about, Buffer.alloc(0)) };
  }

  async close(): Promise<void> {
    this.#child?.ref();
    this.#socket?.destroy();
    await this.#closed.promise;
  }

  #take(kind: number, about: number, content: Buffer): void {
    const known = this.#programs.get(about);
    if (!known) return;
    const { listener } = known;
    if (kind === fromLauncher.stdout) listener.output("stdout", content);
    else if (kind === fromLauncher.stderr) listener.output("stderr", content);
    else if (kind === fromLauncher.started) listener.started(JSON.parse(content.toString()) as number);
    else if (kind === fromLauncher.exited) listener.exited();
    else this.#settle(about, known, endOf(kind, content));
  }

  #settle(about: number, { settle }: Known, end: ProgramEnd): void {
    this.#programs.delete(about);
    if (this.#programs.size === 0) {
      this.#child?.unref();
      this.#socket?.unref();
    }
    settle(end);
  }

  #lose(reason: string): void {
    this.#gone(this);
    this.#closed.resolve();
    for (const [about, known] of this.#programs) this.#settle(about, known, { kind: "lost", reason });
  }
}

function spawnLauncher(marker: string | undefined): ChildProcess {
  const fromSource = import.meta.url.endsWith(".ts");
  const entry = new URL(`./launcher-worker${fromSource ? ".ts" : ".js"}`, import.meta.url);
  const cache = getCompileCacheDir();
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(needed.map((name) => [name, process.env[name]])),
    // So that what ends the attempt ends its launcher, too.
    [markerVariable]: marker,
    // The folder that is told lies in the one that is asked for.
    NODE_COMPILE_CACHE: cache && dirname(cache),
  };
  return spawn(process.execPath, [...flags, fileURLToPath(entry)], {
    cwd: "/",
    env,
    // A group of its own, so that keys pressed in a terminal reach the owner only.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
}

function endOf(kind: number, content: Buffer): ProgramEnd {
  const said: unknown = JSON.parse(content.toString());
  if (kind === fromLauncher.ended) return { kind: "ended", ...(said as ProgramReport) };
  const { message, ...system } = said as Refusal;
  const error =
    system.code === undefined ? new TypeError(message) : Object.assign(new Error(message), system);
  return { kind: "refused", error };
}
