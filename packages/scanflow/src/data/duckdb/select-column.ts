import type { DuckDBArrayType, DuckDBListType, DuckDBType } from "@duckdb/node-api";
import { sqlName } from "./sql-text.ts";

/** How a column of SQL becomes one of ours. */
export interface SelectedColumn {
  readonly name: string;
  readonly kind: "number" | "boolean" | "time" | "text" | "tensor";
  readonly integer: boolean;
  /** What is asked of the database for it. */
  readonly sql: string;
}

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/;
const FRACTION = /^(FLOAT|DOUBLE|DECIMAL\(.*\))$/;
const TIME = /^(DATE|TIMESTAMP.*)$/;

/** @param trim whether texts lose the spaces round them */
export function selectColumn(name: string, type: DuckDBType, trim: boolean): SelectedColumn {
  const column = sqlName(name);
  const written = type.toString();
  const as = (kind: SelectedColumn["kind"], sql: string, integer = false): SelectedColumn => ({
    name,
    kind,
    integer,
    sql: `${sql} AS ${column}`,
  });
  if (INTEGER.test(written)) return as("number", `CAST(${column} AS DOUBLE)`, true);
  if (FRACTION.test(written)) {
    return as("number", `CAST(${column} AS DOUBLE)`, /^DECIMAL\(\d+, ?0\)$/.test(written));
  }
  if (written === "BOOLEAN") return as("boolean", `CAST(${column} AS UTINYINT)`);
  if (TIME.test(written)) return as("time", `CAST(epoch_ms(${column}) AS DOUBLE)`);
  const depth = numberDepth(type);
  if (depth > 0) return as("tensor", `CAST(${column} AS FLOAT${"[]".repeat(depth)})`);
  // A text by its type, and JSON by its name only: a word in it would keep its quotes.
  if (type.alias === "JSON") return as("text", `(${column} ->> '$')`);
  return as("text", trim && written === "VARCHAR" ? `trim(${column})` : `CAST(${column} AS VARCHAR)`);
}

/** How many lists stand round numbers; 0 when they are none, or there are no lists. */
function numberDepth(type: DuckDBType): number {
  let depth = 0;
  let inner = type;
  while (isList(inner)) {
    inner = inner.valueType;
    depth += 1;
  }
  const written = inner.toString();
  return INTEGER.test(written) || FRACTION.test(written) ? depth : 0;
}

function isList(type: DuckDBType): type is DuckDBListType | DuckDBArrayType {
  return "valueType" in type && /\]$/.test(type.toString());
}
