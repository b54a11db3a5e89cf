import type { Run, Tracking } from "@scanflow/tracking";
import type { ContentStore } from "@scanflow/tracking/artifacts";
import type { Store } from "@scanflow/tracking/store";
import type { Engine } from "../engine/index.ts";
import { readParts } from "./read-parts.ts";
import { type Attempt, type Parts, type RunRecord, runRecord } from "./run-record.ts";

/** What lineage is read from: the rooms of the process that owns a state folder. */
export interface LineageRooms {
  readonly engine: Engine;
  readonly store: Store<unknown>;
  readonly artifacts: ContentStore;
  readonly trackers: { borrow<T>(tracker: string, work: (tracking: Tracking) => Promise<T>): Promise<T> };
}

/** What lineage needs to know of a run of a tracker. */
export interface TrackerRun extends Pick<Run, "tags" | "params"> {
  readonly info: Pick<Run["info"], "runId" | "name" | "userId" | "startTime" | "endTime">;
}

/** Data that a script said it read. */
export type NamedInput = Pick<Run["datasets"][number], "name" | "digest" | "source">;

/** What lineage is traced through: the records of an application, or of a tracker alone. */
export interface Sources {
  record(run: string): Promise<RunRecord | null>;
  parts(attempt: Attempt, key: string | null): Promise<Parts>;
  content(digest: string): Promise<{ kind: "file" | "folder"; size: number } | null>;
  trackerRun(tracker: string, runId: string): Promise<TrackerRun | null>;
  datasets(tracker: string, runIds: readonly string[]): Promise<Map<string, readonly NamedInput[]>>;
}

/** Reads the records that lineage is traced through, each once. */
export class LineageSources implements Sources {
  readonly rooms: LineageRooms;
  readonly #records = new Map<string, Promise<RunRecord | null>>();

  constructor(rooms: LineageRooms) {
    this.rooms = rooms;
  }

  /** null: the run was removed. */
  record(run: string): Promise<RunRecord | null> {
    const known = this.#records.get(run) ?? this.#read(run);
    this.#records.set(run, known);
    return known;
  }

  /** What an attempt was made of, by its own record or by its key. */
  parts(attempt: Attempt, key: string | null): Promise<Parts> {
    return readParts(this.rooms.store, attempt, key);
  }

  /** What a digest stands for; null when it is not in the store any more. */
  async content(digest: string): Promise<{ kind: "file" | "folder"; size: number } | null> {
    const { kind, size } = (await this.rooms.artifacts.stat(digest)) ?? {};
    return kind === undefined || size === undefined ? null : { kind, size };
  }

  /** A run of a tracker; null when there is none. */
  trackerRun(tracker: string, runId: string): Promise<Run | null> {
    return this.rooms.trackers.borrow(tracker, (tracking) =>
      tracking.context.index.find(runId).then((found) => (found ? tracking.getRun(runId) : null)),
    );
  }

  /** By run, the data that a script said it read. */
  datasets(tracker: string, runIds: readonly string[]): Promise<Map<string, Run["datasets"]>> {
    return this.rooms.trackers.borrow(tracker, async (tracking) => {
      const found = new Map<string, Run["datasets"]>();
      for (const runId of runIds) {
        if (!(await tracking.context.index.find(runId))) continue;
        const { datasets } = await tracking.getRun(runId);
        if (datasets.length > 0) found.set(runId, datasets);
      }
      return found;
    });
  }

  async #read(run: string): Promise<RunRecord | null> {
    const { engine, store } = this.rooms;
    const [known] = await store.read("SELECT 1 FROM runs WHERE run = ?", [run]);
    if (!known) return null;
    const [row, scheduler, events] = await Promise.all([
      engine.journal.run(run),
      engine.scheduler(run),
      engine.journal.events(run),
    ]);
    return runRecord(row, scheduler, events);
  }
}
