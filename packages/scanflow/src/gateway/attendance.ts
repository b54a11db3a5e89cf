import type { Readable } from "node:stream";
import { errorCode } from "@scanflow/core";
import { sitePlaces } from "../runners/contract/places.ts";
import type { AttemptSpec } from "../runners/runner.ts";
import type { Attend, AttendAnswer, AttendBeat, AttendOrder, CheckpointAnswer } from "../shim/protocol.ts";
import { putCheckpoint } from "./checkpoint-folder.ts";
import type { DoorRooms } from "./door-rooms.ts";
import type { Life } from "./life.ts";
import { revokedError } from "./refusal.ts";
import { takeOutput } from "./take-output.ts";

export interface AttendanceOptions {
  readonly spec: AttemptSpec;
  readonly rooms: Pick<DoorRooms, "beatMs" | "checkpointMs" | "graceMs" | "outputLimit">;
  readonly life: Life;
  /** Writes a line of our own into the attempt's log. */
  readonly note: (words: string) => void;
}

/** So long nothing is held against a command whose heartbeat nobody looks at: its attendant may be started again. */
const mostAwayMs = 60_000;
/** As many lines of one attempt's log say why its checkpoint is not kept. */
const mostNotes = 20;

/**
 * Who stays beside a command that the platform runs: tells of its heartbeat and hands in its checkpoint. It has a token
 * of its own, which is valid until the checkpoint of an attempt that did not succeed is in, or cannot come any more.
 */
export class Attendance {
  readonly #options: AttendanceOptions;
  /** The command has ended. */
  readonly #ended = new AbortController();
  /** Nothing is taken any more. */
  readonly #closed = new AbortController();
  /** Nothing more will come. */
  readonly #done = Promise.withResolvers<void>();
  readonly #transfers = new Set<Promise<unknown>>();
  readonly #noted = new Set<string>();
  #taking: AbortController | undefined;
  #waiting = 0;
  #lastHeartbeat = 0;
  #lastLook = Date.now();

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  order({ folder }: Attend): AttendOrder {
    this.#check();
    const { spec, rooms } = this.#options;
    const { heartbeat, checkpoint } = sitePlaces(spec, { folder, root: folder });
    const { graceMs, checkpointMs: everyMs, outputLimit: mostBytes } = rooms;
    return { heartbeat, checkpoint, graceMs, everyMs, mostBytes };
  }

  /** Answered when the next is due, or the command has ended. */
  async beat({ heartbeatMs, trouble }: AttendBeat, gone: AbortSignal): Promise<AttendAnswer> {
    this.#check();
    if (heartbeatMs !== null) this.#lastHeartbeat = Math.max(this.#lastHeartbeat, Date.now() - heartbeatMs);
    this.#tell(trouble);
    this.#waiting += 1;
    const woken = AbortSignal.any([this.#ended.signal, this.#closed.signal]);
    await this.#options.life.beat({ woken, gone });
    this.#waiting -= 1;
    this.#lastLook = Date.now();
    this.#check();
    return { kind: this.#ended.signal.aborted ? "end" : "go" };
  }

  /** When the command was last known to be alive, in milliseconds since the epoch. */
  newestHeartbeat(): number {
    const { spec, rooms } = this.#options;
    const { heartbeatMs } = spec.timeout;
    const isAway = this.#waiting === 0 && Date.now() - this.#lastLook < mostAwayMs;
    if (heartbeatMs === null || !isAway) return this.#lastHeartbeat;
    // It is asked again soon.
    return Math.max(this.#lastHeartbeat, Date.now() - heartbeatMs + Math.min(rooms.beatMs, heartbeatMs));
  }

  /** Takes a checkpoint in: it is kept whole, or the one before is. One that comes while another does takes its place. */
  async take(source: Readable): Promise<CheckpointAnswer> {
    this.#check();
    this.#taking?.abort();
    const taking = new AbortController();
    this.#taking = taking;
    await Promise.allSettled(this.#transfers);
    const { spec, rooms } = this.#options;
    const { workdir, checkpoint: place } = spec;
    const signal = AbortSignal.any([taking.signal, this.#closed.signal]);
    const transfer = takeOutput(source, {
      ...{ kind: "folder", place, workdir, signal, put: putCheckpoint },
      limitBytes: rooms.outputLimit,
    } as const);
    this.#transfers.add(transfer);
    try {
      await transfer;
      return { kept: true };
    } catch (error) {
      this.#check();
      // What broke on its way is sent again.
      if (taking.signal.aborted || source.errored || source.readableAborted) throw error;
      this.#tell(refusalText(error));
      return { kept: false };
    } finally {
      this.#transfers.delete(transfer);
    }
  }

  /** The attendant has done all that it can do. */
  end(trouble: string | null): void {
    this.#check();
    this.#tell(trouble);
    this.#done.resolve();
  }

  /** Who attends it is told so. */
  commandEnded(): void {
    this.#ended.abort();
  }

  /** Nothing of the attempt runs any more. */
  left(): void {
    this.#done.resolve();
  }

  /** The attempt has ended. Resolves when its checkpoint is in, or is not needed, or does not come within that time. */
  async close({ needed, mostMs }: { needed: boolean; mostMs: number }): Promise<void> {
    this.#ended.abort();
    if (needed) {
      const timer = setTimeout(() => this.#done.resolve(), mostMs);
      await this.#done.promise;
      clearTimeout(timer);
      // Who sent it may have gone when all of it was on its way.
      await Promise.race([Promise.allSettled(this.#transfers), timeout(mostMs)]);
    }
    this.#closed.abort();
    await Promise.allSettled(this.#transfers);
  }

  #check(): void {
    if (this.#closed.signal.aborted) throw revokedError();
  }

  #tell(trouble: string | null): void {
    if (trouble === null || this.#noted.has(trouble) || this.#noted.size >= mostNotes) return;
    this.#noted.add(trouble);
    this.#options.note(`its checkpoint is not kept as it is now: ${trouble}`);
  }
}

function refusalText(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  // What a system says of itself goes into the log, and what is ours alone does, too: the log is the owner's.
  return errorCode(error) === undefined ? `it could not be taken in (${said})` : said;
}

async function timeout(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, ms).unref();
  return promise;
}
