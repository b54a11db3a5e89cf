import type { ArtifactStore } from "@scanflow/tracking/artifacts";
import type { SqlStore } from "@scanflow/tracking/store";
import type { StateFolder } from "../engine/index.ts";

/** What the catalog works on. */
export interface CatalogRooms {
  readonly folder: StateFolder;
  readonly store: SqlStore;
  readonly artifacts: ArtifactStore;
}
