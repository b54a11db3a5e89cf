import type { Statement } from "./statement.ts";
import type { SqlStore } from "./store.ts";
import { StoreRefusal } from "./store-error.ts";

/**
 * A store that reads as the one it stands before and keeps what is written to it, so that the work of several
 * parts, each of which writes units of its own, becomes one unit.
 */
export class GatheredUnit implements SqlStore {
  readonly statements: Statement[] = [];
  readonly #store: SqlStore;
  readonly shared: boolean;
  readonly read: SqlStore["read"];
  readonly snapshot: SqlStore["snapshot"];

  constructor(store: SqlStore) {
    this.#store = store;
    this.shared = store.shared;
    this.read = store.read.bind(store);
    this.snapshot = store.snapshot.bind(store);
  }

  async write(unit: readonly Statement[]): ReturnType<SqlStore["write"]> {
    this.statements.push(...unit);
    return unit.map(() => ({ changes: 0, rows: [] }));
  }

  /** Writes all that was gathered, or nothing. */
  commit(): ReturnType<SqlStore["write"]> {
    return this.#store.write(this.statements);
  }

  /** The digests that a query would give after the unit. Nothing is changed: the unit is undone. */
  async foresee(digests: string): Promise<string[]> {
    // One row more, so that the guard always finds something.
    const guard = { sql: `SELECT NULL AS digest UNION ALL ${digests}`, refuse: foreseen };
    try {
      await this.#store.write([...this.statements, guard]);
    } catch (error) {
      if (!(error instanceof StoreRefusal) || error.tag !== foreseen) throw error;
      return error.rows.flatMap(({ digest }) => (digest === null ? [] : [String(digest)]));
    }
    throw new Error("a unit was written that should have been undone");
  }
}

const foreseen = "foreseen";
