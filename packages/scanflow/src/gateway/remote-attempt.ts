import type { Readable } from "node:stream";
import { Attempt } from "../runners/attempt.ts";
import { containerSite } from "../runners/contract/places.ts";
import { leftOutNote } from "../runners/contract/variables.ts";
import type { Offer, OfferedAttempt, RemoteCommand } from "../runners/gateway.ts";
import type { LogStream } from "../runners/log/attempt-log.ts";
import { outcomeOf, type Stop, stopOf } from "../runners/outcome.ts";
import { type Exit, judgeExit } from "../runners/process/exit.ts";
import { usageUnknown } from "../runners/process/usage-sampler.ts";
import type { AttemptOutcome } from "../runners/runner.ts";
import type { Beat, BeatAnswer, Claim, Content, End, EndAnswer, Order } from "../shim/protocol.ts";
import { Attendance } from "./attendance.ts";
import { hasCheckpoint, sendCheckpoint } from "./checkpoint-folder.ts";
import { CommandOutput } from "./command-output.ts";
import { conclude } from "./conclude.ts";
import type { DoorRooms } from "./door-rooms.ts";
import { Life } from "./life.ts";
import { answerOf, lost } from "./lost.ts";
import { contentOf, makeOrder } from "./make-order.ts";
import { requestError, revokedError } from "./refusal.ts";
import { RemoteOutputs } from "./remote-outputs.ts";
import { RemotePasses } from "./remote-passes.ts";
import { isShared } from "./sessions.ts";

/** The owner's side of an attempt that a shim, or a platform with the shim's halves around, carries out elsewhere. */
export class RemoteAttempt implements OfferedAttempt {
  readonly offer: Offer;
  readonly done: Promise<AttemptOutcome>;
  readonly variables: Readonly<Record<string, string>>;
  readonly command: RemoteCommand;
  readonly #rooms: DoorRooms;
  readonly #attempt: Attempt;
  readonly #passes: RemotePasses;
  readonly #output: CommandOutput;
  readonly #outputs: RemoteOutputs;
  readonly #life: Life;
  readonly #attendance: Attendance | undefined;
  readonly #settled = Promise.withResolvers<AttemptOutcome>();
  readonly #over = new AbortController();
  /** Of the newest claim. */
  #session = 0;
  #claimed = false;
  #started = false;
  #lastHeartbeat = 0;
  #patience: NodeJS.Timeout | undefined;
  #ending: Promise<EndAnswer> | undefined;
  #answer: EndAnswer | undefined;

  /** Throws what `remoteCommand` and `readSecrets` throw: what cannot be told to a container. */
  constructor(offer: Offer, rooms: DoorRooms) {
    const { spec, listener } = offer;
    this.offer = offer;
    this.#rooms = rooms;
    this.#outputs = new RemoteOutputs(spec, rooms, this.#over.signal);
    this.#life = new Life({
      beatMs: rooms.beatMs,
      heartbeatMs: spec.timeout.heartbeatMs,
      over: this.#over.signal,
      lost: (silentMs) =>
        this.#fail(lost(spec.task, `its container gave no sign of life for ${silentMs} ms`)),
    });
    if (offer.attended) {
      const note = (words: string) => this.#output.note(words);
      this.#attendance = new Attendance({ spec, rooms, life: this.#life, note });
    }
    this.#passes = new RemotePasses(this, rooms, this.#attendance);
    this.done = this.#settled.promise;
    this.variables = { SCANFLOW_GATEWAY: rooms.url, SCANFLOW_GATEWAY_TOKEN: this.#passes.ticket };
    try {
      this.command = this.#passes.commandAt(containerSite);
    } catch (error) {
      this.#passes.revoke();
      this.#passes.revokeAttendant();
      throw error;
    }
    this.#attempt = new Attempt(spec, listener);
    this.#output = new CommandOutput({
      path: spec.log,
      limit: rooms.logLimit,
      hidden: this.#passes.hidden,
      listener,
      failed: (error) => this.#attempt.stop(stopOf(error, spec.task)),
    });
    for (const name of this.command.leftOut) this.#output.note(leftOutNote(name));
    this.#attempt.onStop((reason) => this.#stopped(reason));
  }

  get attendToken(): string | undefined {
    return this.#passes.attendToken;
  }

  get isClaimed(): boolean {
    return this.#claimed;
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  cancel(): void {
    this.#attempt.stop({ kind: "cancelled" });
  }

  onStop(tell: (reason: Stop) => void): () => void {
    return this.#attempt.onStop(tell);
  }

  /** Takes the attempt up. Who took it up before has no say in it any more. */
  async claim(claim: Pick<Claim, "site" | "shim" | "gateway">): Promise<Order> {
    this.#check();
    const { spec, code, runs = true } = this.offer;
    this.#claimed = true;
    // Also greater than any number that an earlier owner gave.
    this.#session = Math.max(this.#session + 1, Date.now());
    this.#output.restart(0);
    this.#begin(runs);
    try {
      return await makeOrder({
        spec,
        command: this.#passes.commandAt(claim.site, claim),
        site: claim.site,
        token: this.sessionToken(this.#session),
        code,
        graceMs: this.#rooms.graceMs,
        // A shim that runs the command keeps what it has, which is the newest.
        checkpoint: !runs && (await hasCheckpoint(spec.checkpoint)),
        artifacts: this.#rooms.artifacts,
        extra: this.#outputs.extra(claim.site),
      });
    } catch (error) {
      this.#finish(outcomeOf(stopOf(error, spec.task), usageUnknown));
      throw error;
    }
  }

  sessionToken(number: number): string {
    return this.#passes.session(number);
  }

  /** A shim shows that it has claimed this. Errors: SCANFLOW_ATTEMPT_REVOKED when another has claimed it since. */
  showSession(number: number): void {
    if (number < this.#session && !isShared(this.offer)) throw revokedError();
    if (number <= this.#session) return;
    // It was claimed of an earlier owner: what came of its log until then is on record.
    this.#claimed = true;
    this.#session = number;
    this.#output.restart(null);
    this.#begin(this.offer.runs ?? true);
  }

  #begin(runs: boolean): void {
    this.#life.contact();
    if (runs) this.#life.watch();
  }

  /** Of the input with this name; null: of the code. */
  content(name: string | null): Promise<Content> {
    this.#check();
    this.#life.contact();
    const { spec, code } = this.offer;
    const digest = name === null ? code : Object.hasOwn(spec.inputs, name) ? spec.inputs[name] : undefined;
    if (digest === undefined) throw requestError(`There is no input ${JSON.stringify(name)}`);
    return contentOf(this.#rooms.artifacts, digest);
  }

  /** What an earlier attempt left, as an archive. */
  checkpoint(): Readable {
    this.#check();
    return sendCheckpoint(this.offer.spec.checkpoint, (words) => this.#output.note(words));
  }

  /** Takes in an output. */
  async take(name: string, kind: "file" | "folder", source: Readable): Promise<void> {
    this.#check();
    await this.#outputs.take(name, kind, source).catch((error: unknown) => {
      const outcome = outcomeOf(stopOf(error, this.offer.spec.task), usageUnknown);
      // To send it again would fill the disk of this side again.
      if (outcome.kind === "failed" && outcome.error.code === "SCANFLOW_STORAGE_FULL") this.#finish(outcome);
      this.#check();
      throw error;
    });
    this.#check();
  }

  started(): void {
    this.#check();
    if (this.#started || this.#attempt.stopped) return;
    this.#started = true;
    this.#attempt.started(() => this.#attendance?.newestHeartbeat() ?? this.#lastHeartbeat);
  }

  commandEnded(): void {
    this.#attendance?.commandEnded();
  }

  readonly ready = (url: string): void => this.#attempt.ready(url);

  log(): LogStream {
    return this.#output.stream();
  }

  /** Takes frames of the log. Those that were taken before are passed over. */
  takeLog(from: number, frames: Buffer): void {
    this.#check();
    this.#life.contact();
    this.#output.takeLog(from, frames);
  }

  /** Takes a piece of what a function step logs. */
  takeLogged(from: number, piece: Buffer): void {
    this.#check();
    this.#life.contact();
    this.#output.takeLogged(from, piece);
  }

  /** A sign of life. Answered when the next is due, or the attempt has to end. */
  async beat({ heartbeatMs, running }: Beat, gone: AbortSignal): Promise<BeatAnswer> {
    this.#check();
    this.#life.contact();
    if (heartbeatMs !== null) this.#lastHeartbeat = Math.max(this.#lastHeartbeat, Date.now() - heartbeatMs);
    if (running) this.started();
    const woken = new AbortController();
    const forget = this.#attempt.onStop(() => woken.abort());
    await this.#life.beat({ woken: woken.signal, gone });
    forget();
    return { kind: this.#attempt.stopped ? "stop" : "go" };
  }

  exited(exit: Exit): void {
    if (exit.code === 0 || this.isOver) return;
    const { task } = this.offer.spec;
    const reason = judgeExit(exit, { ...this.command, variables: {} }, { task, quote: this.#output.quote() });
    this.#fail(reason ?? lost(task, "its command ended"));
  }

  gone(reason: Stop): void {
    this.#attendance?.left();
    this.#fail(reason);
  }

  #fail(reason: Stop): void {
    if (this.isOver || this.#ending) return;
    this.#finish(outcomeOf(this.#attempt.stopped ?? reason, usageUnknown));
  }

  /** The shim has done all that it can do. Answers what became of the attempt; the same again answers the same. */
  end(end: End): Promise<EndAnswer> {
    if (this.#answer) return Promise.resolve(this.#answer);
    this.#check();
    this.#ending ??= this.#end(end);
    return this.#ending;
  }

  async #end(end: End): Promise<EndAnswer> {
    const { command } = this;
    const parts = { attempt: this.#attempt, output: this.#output, outputs: this.#outputs };
    const outcome = await conclude(end, { command, ...parts });
    this.#answer = answerOf(this.offer.spec, outcome);
    this.#finish(outcome);
    return this.#answer;
  }

  #check(): void {
    if (this.isOver) throw revokedError();
  }

  /** Whoever carries it out is told, and given time to end. */
  #stopped(reason: Stop): void {
    if (this.isOver) return;
    if (!this.#claimed && this.offer.to === "worker") return this.#finish(outcomeOf(reason, usageUnknown));
    this.#patience = setTimeout(() => {
      this.#attendance?.left();
      if (!this.#ending) this.#finish(outcomeOf(reason, usageUnknown));
    }, this.#patienceMs);
  }

  /** How long whoever carries it out may take to end it, and to say so. */
  get #patienceMs(): number {
    const { graceMs, beatMs } = this.#rooms;
    return (this.offer.graceMs ?? graceMs) + 3 * beatMs;
  }

  #finish(outcome: AttemptOutcome): void {
    if (this.isOver) return;
    this.#over.abort();
    this.#life.end();
    clearTimeout(this.#patience);
    this.#attempt.ended();
    this.#passes.revoke();
    void this.#clearUp(outcome).then(() => this.#settled.resolve(outcome));
  }

  /** Before anybody hears of the end, nothing of the attempt is taken any more. */
  async #clearUp({ kind }: AttemptOutcome): Promise<void> {
    await this.#attendance?.close({ needed: kind !== "succeeded", mostMs: this.#patienceMs });
    this.#passes.revokeAttendant();
    this.#output.close();
    await this.#outputs.tidy();
  }
}
