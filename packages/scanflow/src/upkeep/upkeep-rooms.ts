import type { Tracking } from "@scanflow/tracking";
import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { Store } from "@scanflow/tracking/store";
import type { Engine, StateFolder } from "../engine/index.ts";

/** What upkeep works on: the rooms of the one process that owns a state folder. */
export interface UpkeepRooms {
  readonly folder: StateFolder;
  readonly store: Store<unknown>;
  readonly artifacts: ArtifactStore;
  readonly engine: Engine;
  readonly trackers: TrackerLender;
}

/** What knows which runs are in hand. */
export type Hands = Pick<Engine, "activeRuns" | "active">;

/** The databases of a state folder. */
export interface Databases {
  readonly folder: StateFolder;
  readonly engine: Hands;
  readonly trackers: TrackerLender;
}

export interface TrackerLender {
  /** Lends the tracker of this id ("": the embedded one) while `work` is under way. */
  borrow<T>(id: string, work: (tracking: Tracking) => Promise<T>): Promise<T>;
}
