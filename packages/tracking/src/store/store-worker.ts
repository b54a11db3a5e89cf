import { parentPort, workerData } from "node:worker_threads";
import { compact } from "./compact.ts";
import { Connection } from "./connection.ts";
import { runGroup, runQueries } from "./execute.ts";
import { migrate } from "./migrate.ts";
import { toWireError } from "./sqlite-error.ts";
import type { Reply, Request, WorkerSetup } from "./wire.ts";

/** The thread of one database connection: opens it, answers calls one after the other. */
const setup = workerData as WorkerSetup;
const port = parentPort;

function answer(call: number, work: () => unknown): void {
  let reply: Reply;
  try {
    reply = { call, value: work() };
  } catch (error) {
    reply = { call, error: toWireError(error) };
  }
  port?.postMessage(reply);
}

function handle(connection: Connection, request: Request): unknown {
  if (request.kind === "write") return runGroup(connection, request.units);
  if (request.kind === "read") return read(connection, request.queries);
  if (request.kind === "compact") return compact(connection);
  if (request.kind === "checkpoint") return connection.database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  connection.close();
  return undefined;
}

/** A database in memory has one connection for all; reading must not be able to change it either. */
function read(connection: Connection, queries: Extract<Request, { kind: "read" }>["queries"]): unknown {
  if (setup.role === "reader") return runQueries(connection, queries);
  connection.database.exec("PRAGMA query_only = ON");
  try {
    return runQueries(connection, queries);
  } finally {
    connection.database.exec("PRAGMA query_only = OFF");
  }
}

answer(0, () => {
  const connection = new Connection(setup);
  if (setup.role === "writer") migrate(connection.database, setup.migrations, Date.now());
  port?.on("message", ({ call, request }: { call: number; request: Request }) =>
    answer(call, () => handle(connection, request)),
  );
});
