import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Plan, type PlanTracker, ScanflowError } from "@scanflow/core";
import { type LedgerTracking, openTracking, type Tracking, trackingMigrations } from "@scanflow/tracking";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import { openStore } from "@scanflow/tracking/store";
import type { OpenTracker, StateFolder, TrackerDirectory } from "../engine/index.ts";
import { type Listening, listenAsTracker } from "./listen.ts";
import type { RemoteTrackers } from "./remote-trackers.ts";

export interface TrackersOptions {
  readonly folder: StateFolder;
  readonly artifacts: ArtifactStore;
  /** The tracker inside the owner. */
  readonly embedded: Tracking;
  /** Where the owner listens; begins to listen if need be. */
  readonly address: () => Promise<string>;
  /** Trackers that run elsewhere. */
  readonly remote: RemoteTrackers;
}

interface OwnTracker extends OpenTracker {
  readonly tracking: Tracking;
  readonly port: number | null;
  users: number;
  readonly close: () => Promise<void>;
}

/**
 * The trackers of plans: the embedded one, and those that workflows have of their own. Each of these has its own
 * database and its own port, open as long as a run uses it.
 */
export class Trackers implements TrackerDirectory {
  readonly #options: TrackersOptions;
  readonly #own = new Map<string, Promise<OwnTracker>>();

  constructor(options: TrackersOptions) {
    this.#options = options;
  }

  /** Where the application's tracker is when it runs elsewhere. */
  get remoteUrl(): string | undefined {
    return this.#options.remote.urlOf("");
  }

  async open(plan: Plan): Promise<ReadonlyMap<string, OpenTracker>> {
    const { embedded, address, remote } = this.#options;
    const here = { tracking: embedded, store: embedded.context.store, uri: await address() };
    const trackers = new Map<string, OpenTracker>([["", (await remote.open("")) ?? here]]);
    try {
      for (const tracker of ownTrackers(plan)) {
        trackers.set(tracker.id, (await remote.open(tracker.id)) ?? (await this.#acquire(tracker)));
      }
      return trackers;
    } catch (error) {
      for (const { id } of ownTrackers(plan)) if (trackers.has(id)) await this.#release(id);
      throw error;
    }
  }

  async close(plan: Plan): Promise<void> {
    for (const { id } of ownTrackers(plan)) await this.#release(id);
  }

  async lend<T>(id: string, work: (tracking: LedgerTracking) => Promise<T>): Promise<T> {
    const elsewhere = await this.#options.remote.open(id);
    return elsewhere ? work(elsewhere.tracking) : this.borrow(id, work);
  }

  /**
   * Lends a tracker of this folder with all that it can do, whether a run uses it or not. Errors:
   * SCANFLOW_TRACKER_REMOTE when it runs elsewhere.
   */
  async borrow<T>(id: string, work: (tracking: Tracking) => Promise<T>): Promise<T> {
    if (id === "") return work(this.#options.embedded);
    this.#options.remote.refuse(id);
    const open = this.#own.get(id);
    const used = await open;
    // It may have been closed since it was asked for.
    if (used && this.#own.get(id) === open) {
      used.users += 1;
      return work(used.tracking).finally(() => this.#release(id));
    }
    const { tracking, close } = await this.#openDatabase(id);
    try {
      return await work(tracking);
    } finally {
      await close();
    }
  }

  /** Closes what is still open. */
  async end(): Promise<void> {
    const open = await Promise.allSettled(this.#own.values());
    this.#own.clear();
    await Promise.all(open.map((one) => (one.status === "fulfilled" ? one.value.close() : undefined)));
  }

  async #acquire(tracker: PlanTracker): Promise<OwnTracker> {
    const known = this.#own.get(tracker.id);
    if (known) {
      const open = await known;
      if (tracker.port !== null && open.port !== tracker.port) {
        throw portError(tracker, `it is open on port ${open.port} for another run`);
      }
      open.users += 1;
      return open;
    }
    const opening = this.#openOwn(tracker);
    this.#own.set(tracker.id, opening);
    opening.catch(() => this.#own.delete(tracker.id));
    return opening;
  }

  async #release(id: string): Promise<void> {
    const open = await this.#own.get(id);
    if (!open) return;
    open.users -= 1;
    if (open.users > 0) return;
    this.#own.delete(id);
    await open.close();
  }

  async #openOwn(tracker: PlanTracker): Promise<OwnTracker> {
    const { tracking, close } = await this.#openDatabase(tracker.id);
    let listening: Listening;
    try {
      listening = await listenAsTracker(tracking, tracker.port ?? 0);
    } catch (cause) {
      await close();
      throw isTaken(cause) ? portError(tracker, "another process listens there", cause) : cause;
    }
    const closeBoth = async () => {
      await listening.close();
      await close();
    };
    const { store } = tracking.context;
    return { tracking, store, uri: listening.url, port: listening.port, users: 1, close: closeBoth };
  }

  async #openDatabase(id: string): Promise<{ tracking: Tracking; close: () => Promise<void> }> {
    const { folder, artifacts } = this.#options;
    await mkdir(folder.trackers, { recursive: true });
    const location = join(folder.trackers, `${id.replaceAll("/", ".")}.db`);
    const store = await openStore<unknown>({ location, migrations: trackingMigrations });
    try {
      return { tracking: await openTracking({ store, artifacts }), close: () => store.close() };
    } catch (error) {
      await store.close();
      throw error;
    }
  }
}

function ownTrackers(plan: Plan): PlanTracker[] {
  return plan.trackers.filter(({ id }) => id !== "");
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["EADDRINUSE", "EACCES"].includes(String(error.code));
}

function portError({ name, port }: PlanTracker, reason: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_TRACKER_PORT",
    `Tracker "${name}" cannot listen on port ${port}: ${reason}. End what uses the port, or give the tracker another one (without a port it takes a free one).`,
    { cause },
  );
}
