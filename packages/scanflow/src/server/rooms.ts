import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { Store } from "@scanflow/tracking/store";
import type { ActiveRun, Engine, StateFolder } from "../engine/index.ts";
import type { LineFeed } from "./line-feed.ts";
import type { Trackers } from "./trackers.ts";

/** What the owner's answers are made from. */
export interface OwnerRooms {
  readonly folder: StateFolder;
  readonly store: Store<unknown>;
  readonly artifacts: ArtifactStore;
  readonly engine: Engine;
  readonly trackers: Trackers;
  readonly feed: LineFeed;
  /** Where the owner listens; null while it does not. */
  readonly url: () => string | null;
  /**
   * Does work that may make a run active; the owner does not end in the middle of it. Errors: SCANFLOW_OWNER_CLOSING.
   */
  readonly taking: <T>(work: () => Promise<T>) => Promise<T>;
  /** Counts a run as one that the owner has in hand until it rests. */
  readonly hold: (run: ActiveRun) => void;
  /** Waits a while for one who follows a run to have heard its end, before the owner ends. */
  readonly attend: (heard: Promise<unknown>) => void;
  /** Aborted when the owner is about to end. */
  readonly closing: AbortSignal;
}
