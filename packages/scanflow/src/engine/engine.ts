import { createHash, randomBytes } from "node:crypto";
import type { Capacity, Device, JsonObject, Plan, RunCreated, RunEvent } from "@scanflow/core";
import { planJson, ScanflowError } from "@scanflow/core";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { Store } from "@scanflow/tracking/store";
import type { Runner } from "../runners/runner.ts";
import { ActiveRun } from "./active-run.ts";
import { Allocator } from "./allocator.ts";
import { clearEnded } from "./clear-ended.ts";
import { completeLedgers } from "./complete-ledgers.ts";
import type { PlanText } from "./event-rows.ts";
import { FileDigests } from "./file-digests.ts";
import { Journal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { resolveParams } from "./params.ts";
import { Preparation } from "./preparation.ts";
import { refuseUnrunnable } from "./refusal.ts";
import { restOf } from "./resting.ts";
import { newRunId } from "./run-id.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import type { StateFolder } from "./state-folder.ts";
import { TaskCache } from "./task-cache.ts";
import type { TrackerDirectory } from "./tracker-runs.ts";

export interface EngineOptions {
  readonly folder: StateFolder;
  readonly store: Store<unknown>;
  readonly artifacts: ArtifactStore;
  readonly runner: Runner;
  readonly trackers: TrackerDirectory;
  readonly device: Device;
  readonly capacity: Capacity;
  readonly now?: () => number;
  /** Hears every line that a task writes. */
  readonly onLine?: (line: LogLine) => void;
  /** Called at named points of the engine's work, for tests that end the process there. */
  readonly probe?: (point: string, events: readonly RunEvent[]) => void;
}

export interface LogLine {
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  readonly line: string;
}

/** What the parts of the engine share. */
export interface EngineRooms extends EngineOptions {
  readonly now: () => number;
  readonly journal: Journal;
  readonly cache: TaskCache;
  readonly preparation: Preparation;
  readonly allocator: Allocator;
}

export interface StartOptions {
  /** As `newRunId` makes them; a new one by default. A run that this engine has in hand is given, not begun twice. */
  readonly id?: string;
  readonly params?: JsonObject;
  /** Whether unchanged tasks are taken from the cache. Default true. */
  readonly cache?: boolean;
  readonly user?: string | null;
  /** By path: digests of artifacts to read in the place of files of the application's folder. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The versions of data that the plan names, by the name that it gives them. */
  readonly data?: RunCreated["data"];
  /** Facts that conditions read; this machine's by default. */
  readonly device?: Device;
  readonly cause?: RunCreated["cause"];
}

/**
 * Runs plans durably. One engine owns one state folder; a run that an earlier owner left is taken up with `resume`,
 * its finished tasks stay finished.
 */
export class Engine {
  readonly journal: Journal;
  readonly #rooms: EngineRooms;
  readonly #owner = randomBytes(6).toString("hex");
  readonly #active = new Map<string, ActiveRun>();
  readonly #takenUp = new Map<string, Promise<ActiveRun>>();
  /** Runs that ended or broke and are being let go of: what they leave is being removed. */
  readonly #leaving = new Map<string, Promise<void>>();

  private constructor(rooms: EngineRooms) {
    this.#rooms = rooms;
    this.journal = rooms.journal;
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const { store, artifacts, folder, capacity, now = Date.now } = options;
    const journal = await Journal.open(store);
    const engine = new Engine({
      ...options,
      now,
      journal,
      cache: new TaskCache(store, artifacts),
      preparation: new Preparation({ root: folder.root, artifacts, digests: new FileDigests() }),
      allocator: new Allocator(capacity),
    });
    await clearEnded({ folder, runner: options.runner, journal });
    await completeLedgers(engine.#rooms);
    return engine;
  }

  /**
   * Starts a new run. Errors before anything runs: SCANFLOW_PARAM_INVALID, SCANFLOW_NOT_RUNNABLE,
   * SCANFLOW_ENVIRONMENT_UNSUPPORTED, SCANFLOW_TRACKER_PORT, and those of the runner.
   */
  start(given: Plan, options: StartOptions = {}): Promise<ActiveRun> {
    const { id = newRunId(this.#rooms.now()) } = options;
    return this.#once(id, async () => this.#active.get(id) ?? this.#begin(id, given, options));
  }

  async #begin(id: string, given: Plan, options: StartOptions): Promise<ActiveRun> {
    const { params = {}, cache = true, user = null } = options;
    const text = planJson(given);
    // As it is stored: whoever takes the run up later hands tasks the same bytes, in the same order.
    const plan = JSON.parse(text) as Plan;
    refuseUnrunnable(plan, this.#rooms.runner, options.data);
    const resolved = resolveParams(plan.params, params);
    await this.#rooms.runner.ready?.(plan, { begins: true });
    const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    const run = await this.#activate(plan, id, [], { digest, text });
    const { device = this.#rooms.device, inputs, data, cause = { kind: "manual" } } = options;
    const { application, workflow } = plan;
    const facts = {
      application,
      workflow,
      plan: digest,
      params: resolved,
      device,
      capacity: this.#rooms.capacity,
      cache,
      ...(inputs && { inputs }),
      ...(data && { data }),
      cause,
      user,
    };
    for (const { digest } of Object.values(data ?? {})) run.holds.hold(digest);
    run.send({ kind: "create", ...facts, owner: this.#owner });
    return run;
  }

  /**
   * Takes up a run that an earlier owner left, that is paused, or that waits for a person. `toEnd`: only to cancel it, so
   * nothing has to be able to run here. Errors: SCANFLOW_RUN_ENDED, and those of `start`.
   */
  async resume(id: string, { toEnd = false } = {}): Promise<ActiveRun> {
    await this.#leaving.get(id);
    const known = this.#active.get(id);
    if (known) {
      if (known.status === "paused") known.send({ kind: "continue" });
      return known;
    }
    const run = await this.#takeUp(id, { toEnd });
    if (run.scheduler.state.status === "paused") run.send({ kind: "continue" });
    return run;
  }

  /** Runs the failed tasks of a run again (all, or those named), and what hangs on them. */
  async retry(id: string, tasks: readonly string[] | null): Promise<ActiveRun> {
    await this.#leaving.get(id);
    const run = this.#active.get(id) ?? (await this.#takeUp(id, { ended: true }));
    for (const task of tasks ?? []) run.scheduler.taskState(task);
    run.send({ kind: "retry", tasks });
    return run;
  }

  /** Ids of the runs that this engine has in hand. */
  get activeRuns(): readonly string[] {
    return [...this.#active.keys()];
  }

  /** The run if this engine has it in hand. */
  active(id: string): ActiveRun | undefined {
    return this.#active.get(id);
  }

  /** The state of any run, as its events give it. */
  async scheduler(id: string): Promise<Scheduler> {
    const active = this.#active.get(id);
    return active ? active.scheduler : (await this.#load(id)).scheduler;
  }

  /** Ends what runs (it can be resumed) and frees what is held. */
  async close(): Promise<void> {
    const runs = [...this.#active.values()];
    await Promise.all(runs.map((run) => run.abandon()));
    for (const run of runs) run.holds.release();
    await this.#rooms.runner.close();
  }

  #takeUp(id: string, { ended = false, toEnd = false } = {}): Promise<ActiveRun> {
    return this.#once(id, () => this.#reactivate(id, { ended, toEnd }));
  }

  /** Whoever asks for a run while it is being begun or taken up gets the same one. */
  #once(id: string, make: () => Promise<ActiveRun>): Promise<ActiveRun> {
    const underWay = this.#takenUp.get(id);
    if (underWay) return underWay;
    const run = make().finally(() => this.#takenUp.delete(id));
    this.#takenUp.set(id, run);
    return run;
  }

  async #reactivate(id: string, { ended, toEnd }: { ended: boolean; toEnd: boolean }): Promise<ActiveRun> {
    const { scheduler, events } = await this.#load(id);
    if (!ended && restOf(scheduler.state.status) === "finished") {
      throw new ScanflowError(
        "SCANFLOW_RUN_ENDED",
        `Run ${id} has ended (${scheduler.state.status}). Run what failed again with "scanflow retry ${id}", or start a new run.`,
      );
    }
    const { created, status } = scheduler.state;
    // The owner before may have run it elsewhere.
    if (!toEnd && status !== "cancelling")
      refuseUnrunnable(scheduler.plan, this.#rooms.runner, created?.data);
    await this.#rooms.runner.ready?.(scheduler.plan, { begins: false });
    const run = await this.#activate(scheduler.plan, id, events, null);
    try {
      await run.resume(this.#owner, events);
      return run;
    } catch (error) {
      await this.#letGo(run);
      throw error;
    }
  }

  async #activate(
    plan: Plan,
    id: string,
    events: readonly RunEvent[],
    planText: PlanText | null,
  ): Promise<ActiveRun> {
    const { journal, artifacts, probe } = this.#rooms;
    const trackers = await this.#rooms.trackers.open(plan);
    const ledger = new Ledger({ run: id, plan, journal, artifacts, trackers, probe });
    const scheduler = new Scheduler(plan, id);
    scheduler.replay(events);
    await ledger.open(events);
    const run = new ActiveRun(this.#rooms, scheduler, ledger, planText);
    this.#active.set(id, run);
    const close = async () => {
      await this.#leave(id);
      await this.#rooms.trackers.close(plan);
    };
    run.onBroken(() => this.#leaves(id, this.#letGo(run)));
    run.onEvents((stored) => {
      if (!stored.some(({ event }) => event === "run-finished")) return;
      run.holds.release();
      this.#active.delete(id);
      // A run rests once the tracker has its last rows; only then may its trackers close.
      this.#leaves(id, run.rest().then(close, close));
    });
    return run;
  }

  /** Who takes the run up waits for that, since it would lose what it begins. */
  #leaves(id: string, work: Promise<void>): void {
    const leaving = work.finally(() => {
      if (this.#leaving.get(id) === leaving) this.#leaving.delete(id);
    });
    this.#leaving.set(id, leaving);
  }

  /** A run that broke leaves this engine's hands: the next to ask for it replays its journal. */
  async #letGo(run: ActiveRun): Promise<void> {
    await run.abandon().catch(() => undefined);
    if (this.#active.get(run.id) === run) this.#active.delete(run.id);
    run.holds.release();
    await this.#leave(run.id);
    await this.#rooms.trackers.close(run.plan);
  }

  /** What cannot be freed now is left to the next owner: it keeps nobody from working. */
  async #leave(run: string): Promise<void> {
    await this.#rooms.runner.leave?.(run).catch(() => undefined);
  }

  async #load(id: string): Promise<{ scheduler: Scheduler; events: readonly RunEvent[] }> {
    const row = await this.journal.run(id);
    const scheduler = new Scheduler(await this.journal.plan(row.plan), id);
    const events = await this.journal.events(id);
    scheduler.replay(events);
    return { scheduler, events };
  }
}
