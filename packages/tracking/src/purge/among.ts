import type { SqlStore, SqlValue, Statement } from "../store/index.ts";

const chunk = 1000;

function chunksOf(values: readonly SqlValue[]): { some: readonly SqlValue[]; marks: string }[] {
  const chunks: { some: readonly SqlValue[]; marks: string }[] = [];
  for (let from = 0; from < values.length; from += chunk) {
    const some = values.slice(from, from + chunk);
    chunks.push({ some, marks: `(${some.map(() => "?").join(", ")})` });
  }
  return chunks;
}

/** Reads rows of many values, so many at a time as a statement takes; `select` is SQL up to and with `IN`. */
export async function readAmong<R>(
  store: Pick<SqlStore, "read">,
  select: string,
  values: readonly SqlValue[],
): Promise<R[]> {
  const found: R[] = [];
  for (const { some, marks } of chunksOf(values)) {
    found.push(...(await store.read<R>(`${select} ${marks}`, some)));
  }
  return found;
}

/** As `readAmong`, for statements of a unit. */
export function statementsAmong(sql: string, values: readonly SqlValue[]): Statement[] {
  return chunksOf(values).map(({ some, marks }) => ({ sql: `${sql} ${marks}`, params: some }));
}
