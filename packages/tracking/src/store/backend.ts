import type { Statement } from "./statement.ts";
import type { WireOutcome, WireQuery, WireRows } from "./wire.ts";

/** What a store asks of its database; SQLite's threads and PostgreSQL's connections both answer it. */
export interface Backend {
  /** Where the database lies, as it may be shown. */
  readonly name: string;
  /** Whether other processes may write to the database too. */
  readonly shared: boolean;
  /** Groups of units that may be under way at once; the next one gathers meanwhile. */
  readonly groupsUnderWay: number;
  /** Writes units in order, each whole or not at all; one outcome for each. */
  write(units: readonly (readonly Statement[])[]): Promise<WireOutcome[]>;
  /** Reads on one snapshot. */
  read(queries: readonly WireQuery[]): Promise<WireRows[]>;
  compact(): Promise<void>;
  analyze(): Promise<void>;
  close(): Promise<void>;
}
