import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { TrackingError } from "../errors.ts";
import type { CompiledSql } from "./statement.ts";

type Read = (query: CompiledSql) => Promise<unknown[]>;

const readingNodes = new Set(["SelectQueryNode", "RawNode"]);

export function readingKysely<DB>(read: Read): Kysely<DB> {
  return new Kysely<DB>({ dialect: readingDialect(read) });
}

/** Kysely as a builder of SQL: what it compiles is read through the seam; it changes nothing itself. */
function readingDialect(read: Read): Dialect {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (!readingNodes.has(query.query.kind)) throw readOnly(query.sql);
      return { rows: (await read(query)) as R[] };
    },
    // biome-ignore lint/correctness/useYield: Kysely's interface asks for a generator; it only refuses.
    async *streamQuery(query: CompiledQuery) {
      throw readOnly(query.sql);
    },
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async () => {
      throw readOnly("BEGIN");
    },
    commitTransaction: async () => {},
    rollbackTransaction: async () => {},
    releaseConnection: async () => {},
    destroy: async () => {},
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function readOnly(sql: string): TrackingError {
  return new TrackingError(
    "SCANFLOW_STORE_READ_ONLY",
    `The query builder only reads, so it did not run: ${sql}. Compile the query and give it to write().`,
  );
}
