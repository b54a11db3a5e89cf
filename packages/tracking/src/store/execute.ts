import type { Connection } from "./connection.ts";
import { eachRow } from "./packed-rows.ts";
import { toWireError } from "./sqlite-error.ts";
import type { SqlValue } from "./statement.ts";
import type { WireError, WireOutcome, WireQuery, WireResult, WireRows, WireStatement } from "./wire.ts";

class Refused extends Error {
  readonly wire: WireError;

  constructor(tag: string, rows: WireRows) {
    super(tag);
    this.wire = { code: "SCANFLOW_STORE_REFUSED", message: tag, tag, rows };
  }
}

const noParams: readonly (readonly SqlValue[])[] = [[]];

/**
 * Runs units as one transaction, each in its own savepoint. A unit that fails is undone alone. When the
 * transaction as a whole is lost (disk full, a constraint checked at commit), each unit gets its own.
 */
export function runGroup(
  connection: Connection,
  units: readonly (readonly WireStatement[])[],
): WireOutcome[] {
  const [only] = units;
  if (units.length === 1 && only) return [runAlone(connection, only)];
  try {
    begin(connection);
    const outcomes = units.map((unit) => runInSavepoint(connection, unit));
    command(connection, "COMMIT");
    return outcomes;
  } catch {
    undo(connection);
    return units.map((unit) => runAlone(connection, unit));
  }
}

/** Runs the queries on one snapshot of the database. */
export function runQueries(connection: Connection, queries: readonly WireQuery[]): WireRows[] {
  const [only] = queries;
  if (queries.length === 1 && only) return [runQuery(connection, only)];
  command(connection, "BEGIN");
  try {
    return queries.map((query) => runQuery(connection, query));
  } finally {
    undo(connection);
  }
}

function runAlone(connection: Connection, unit: readonly WireStatement[]): WireOutcome {
  try {
    begin(connection);
    const results = unit.map((statement) => runStatement(connection, statement));
    command(connection, "COMMIT");
    return { results };
  } catch (error) {
    undo(connection);
    return { error: asWireError(error) };
  }
}

function runInSavepoint(connection: Connection, unit: readonly WireStatement[]): WireOutcome {
  command(connection, "SAVEPOINT unit");
  try {
    const results = unit.map((statement) => runStatement(connection, statement));
    command(connection, "RELEASE unit");
    return { results };
  } catch (error) {
    // SQLite ends the whole transaction by itself after some errors; then nothing of the group stands.
    if (!connection.database.isTransaction) throw error;
    command(connection, "ROLLBACK TO unit");
    command(connection, "RELEASE unit");
    return { error: asWireError(error) };
  }
}

function runStatement(
  connection: Connection,
  { sql, params, rows, packed, refuse }: WireStatement,
): WireResult {
  const { statement, columns } = connection.prepare(sql);
  const each = (work: (values: readonly SqlValue[]) => void) => {
    if (packed) eachRow(packed, work);
    else for (const values of rows ?? (params ? [params] : noParams)) work(values);
  };
  if (columns.length === 0) {
    let changes = 0;
    each((values) => {
      changes += Number(statement.run(...values).changes);
    });
    return { changes };
  }
  const cells: SqlValue[][] = [];
  each((values) => {
    // With setReturnArrays, all() gives arrays; its declared type speaks of objects.
    for (const row of statement.all(...values) as unknown as SqlValue[][]) cells.push(row);
  });
  if (refuse !== undefined && cells.length > 0) throw new Refused(refuse, { columns, cells });
  return { changes: cells.length, rows: { columns, cells } };
}

function runQuery(connection: Connection, { sql, params }: WireQuery): WireRows {
  const { statement, columns } = connection.prepare(sql);
  return { columns, cells: statement.all(...params) as unknown as SqlValue[][] };
}

function command(connection: Connection, sql: string): void {
  connection.prepare(sql).statement.run();
}

function begin(connection: Connection): void {
  command(connection, "BEGIN IMMEDIATE");
}

function undo(connection: Connection): void {
  if (connection.database.isTransaction) command(connection, "ROLLBACK");
}

function asWireError(error: unknown): WireError {
  return error instanceof Refused ? error.wire : toWireError(error);
}
