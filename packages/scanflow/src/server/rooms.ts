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
  /** Counts a run as one that the owner has in hand until it rests. */
  readonly hold: (run: ActiveRun) => void;
  /** Aborted when the owner is about to end. */
  readonly closing: AbortSignal;
}
