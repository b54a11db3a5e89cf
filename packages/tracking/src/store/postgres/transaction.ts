import type { Statement } from "../statement.ts";
import type { WireOutcome, WireQuery, WireResult, WireRows } from "../wire.ts";
import type { PostgresConnection } from "./connection.ts";
import type { PipelineResult, Step, StepResult } from "./pipeline.ts";
import { isRefusal, toTrackingError, toWireError } from "./postgres-error.ts";
import { plain, toSteps } from "./steps.ts";

/** The number of the lock that a writer of ours holds while it writes; any, as long as it stays the same. */
const writerLock = 727_226_356;

export interface WriteOptions {
  readonly durability: "process" | "power";
  readonly busyTimeoutMs: number;
}

/**
 * Begins to write: from here to the end of the transaction no other tracker writes to the database. `power` overrules a
 * server that answers before its log is on the disk.
 */
export function beginWriting({ durability, busyTimeoutMs }: WriteOptions): Step[] {
  return [
    plain("BEGIN"),
    plain(`SET LOCAL lock_timeout = ${Math.round(busyTimeoutMs)}`),
    ...(durability === "power" ? [plain("SET LOCAL synchronous_commit = on")] : []),
    plain(`SELECT pg_advisory_xact_lock(${writerLock})`),
  ];
}

/**
 * Writes units as one transaction, each in its own savepoint and its own round trip. A unit that fails is undone alone;
 * when the transaction is refused as a whole (a constraint checked at commit), each unit gets its own.
 */
export async function writeUnits(
  connection: PostgresConnection,
  units: readonly (readonly Statement[])[],
  options: WriteOptions,
): Promise<WireOutcome[]> {
  try {
    return await writeGroup(connection, units, options);
  } catch (error) {
    if (!(error instanceof NotCommitted)) return units.map(() => ({ error: toWireError(error) }));
    if (units.length === 1) return [{ error: toWireError(error.cause) }];
    const outcomes: WireOutcome[] = [];
    for (const unit of units) outcomes.push(...(await writeUnits(connection, [unit], options)));
    return outcomes;
  }
}

class NotCommitted extends Error {}

async function writeGroup(
  connection: PostgresConnection,
  units: readonly (readonly Statement[])[],
  options: WriteOptions,
): Promise<WireOutcome[]> {
  const outcomes: WireOutcome[] = [];
  let before = beginWriting(options);
  for (const unit of units) {
    const head = [...before, plain("SAVEPOINT unit")];
    const planned = unit.map(toSteps);
    const { results, error } = await connection.run([...head, ...planned.flat()]);
    if (error && (results.length < head.length || !isRefusal(error))) {
      await undo(connection);
      throw error;
    }
    const outcome = judge(unit, planned, { results: results.slice(head.length), ...(error && { error }) });
    outcomes.push(outcome);
    before = "error" in outcome ? [plain("ROLLBACK TO SAVEPOINT unit")] : [plain("RELEASE SAVEPOINT unit")];
  }
  const { error } = await connection.run([...before, plain("COMMIT")]);
  if (!error) return outcomes;
  await undo(connection);
  throw isRefusal(error) ? new NotCommitted("", { cause: error }) : error;
}

/** Compiling a query to machine code takes longer than ours run. */
const beginReading = [plain("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), plain("SET LOCAL jit = off")];

/** Reads on one snapshot of the database, and changes nothing. */
export async function readQueries(
  connection: PostgresConnection,
  queries: readonly WireQuery[],
): Promise<WireRows[]> {
  const planned = queries.flatMap(toSteps);
  const { results, error } = await connection.run([...beginReading, ...planned, plain("COMMIT")]);
  if (!error) return results.slice(beginReading.length, -1).map(({ columns, cells }) => ({ columns, cells }));
  await undo(connection);
  throw toTrackingError(error);
}

/** Ends what is left of a transaction; one that its connection took along is gone already. */
async function undo(connection: PostgresConnection): Promise<void> {
  await connection.run([plain("ROLLBACK")]);
}

/** What became of a unit. A guard counts before what failed after it. */
function judge(
  unit: readonly Statement[],
  planned: readonly (readonly Step[])[],
  { results, error }: PipelineResult,
): WireOutcome {
  const answered: WireResult[] = [];
  let from = 0;
  for (const [i, { refuse }] of unit.entries()) {
    const expected = planned[i]?.length ?? 0;
    const given = results.slice(from, from + expected);
    from += expected;
    const result = toResult(given[0]);
    if (refuse !== undefined && result.rows && result.rows.cells.length > 0) {
      return { error: { code: "SCANFLOW_STORE_REFUSED", message: refuse, tag: refuse, rows: result.rows } };
    }
    if (given.length < expected) return { error: toWireError(error) };
    answered.push(result);
  }
  return { results: answered };
}

/** A statement that was never executed changed nothing. */
function toResult(result: StepResult | undefined): WireResult {
  if (!result) return { changes: 0 };
  const { columns, cells, changes } = result;
  return columns.length > 0 ? { changes: cells.length, rows: { columns, cells } } : { changes };
}
