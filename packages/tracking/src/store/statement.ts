/**
 * A value that a database cell can hold. Numbers are bound as doubles: a column of integer type keeps
 * whole numbers up to 2^53 exactly; a text column wants a string; NaN becomes NULL.
 */
export type SqlValue = string | number | bigint | null | Uint8Array;

export type Row = Record<string, SqlValue>;

/** SQL with its parameters, as Kysely's `compile()` gives it. */
export interface CompiledSql {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** One statement of a unit. */
export interface Statement {
  readonly sql: string;
  /** The parameters of one execution. */
  readonly params?: readonly SqlValue[];
  /** The parameters of many executions of the same statement, one after the other. */
  readonly rows?: readonly (readonly SqlValue[])[];
  /**
   * Makes the statement a guard: a SELECT that must find nothing. When it finds rows, the whole unit is
   * undone and its promise rejects with a `StoreRefusal` that carries this tag and the rows.
   */
  readonly refuse?: string;
}

/** What one statement did. A statement with result columns (SELECT, RETURNING) gives its rows. */
export interface StatementResult<R = Row> {
  readonly changes: number;
  readonly rows: R[];
}

/** A step in the life of a room's tables. Once released, a migration is never edited: add another. */
export interface Migration {
  /** Who owns the tables, such as `tracking`. */
  readonly room: string;
  /** Unique in its room; runs in the order of the list, such as `001-runs`. */
  readonly id: string;
  /** Statements, one string each, run in one transaction. */
  readonly up: readonly string[];
}

/**
 * Makes a statement of a unit from what Kysely compiled.
 *
 * ```ts
 * import { openStore, toStatement } from "@scanflow/tracking/store";
 *
 * const store = await openStore<{ runs: { run_id: string } }>({ location: ":memory:", migrations: [] });
 * const db = await store.kysely();
 * const query = db.deleteFrom("runs").where("run_id", "=", "a1");
 * await store.write([toStatement(query.compile())]);
 * ```
 */
export function toStatement(compiled: CompiledSql, refuse?: string): Statement {
  const params = compiled.parameters as readonly SqlValue[];
  return refuse === undefined ? { sql: compiled.sql, params } : { sql: compiled.sql, params, refuse };
}
