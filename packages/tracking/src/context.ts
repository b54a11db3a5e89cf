import type { Actor } from "./access/role.ts";
import type { SqlStore } from "./store/index.ts";

/** What every noun of the tracker works with. */
export interface Context {
  readonly store: SqlStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Who asks: searches show what that one may see, and changes of the registry are put down to that one. */
  readonly actor?: Actor | undefined;
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** An item of a page, and where the next one starts (absent on the last). */
export interface Page<T> {
  readonly items: T[];
  readonly nextPageToken?: string;
}
