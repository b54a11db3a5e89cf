import type { Context } from "../context.ts";
import type { SqlStore, SqlValue } from "../store/index.ts";
import { abandonedAfterMs } from "../uploads/uploads.ts";
import { readAmong } from "./among.ts";

/** SQL of every digest that the tracker refers to. Its parameter: uploads that began before are given up. */
const used = `SELECT digest FROM tracking_artifacts
  UNION SELECT digest FROM tracking_versions WHERE digest IS NOT NULL
  UNION SELECT p.digest FROM tracking_upload_parts p JOIN tracking_uploads u ON u.id = p.upload
    WHERE u.begun_ms >= `;

/** The same as one query, without parameters: `foresee` takes it. */
export function usedDigests(nowMs: number): string {
  return `${used} ${Math.floor(nowMs - abandonedAfterMs)}`;
}

/** Every digest that the tracker refers to, each once, while it is being written to. */
export async function* liveDigests({ store, now }: Pick<Context, "store" | "now">): AsyncGenerator<string> {
  let after = "";
  for (;;) {
    const rows = await store.read<{ digest: string }>(
      `SELECT digest FROM (${usedDigests(now())}) used WHERE digest > ? ORDER BY digest LIMIT 1000`,
      [after],
    );
    for (const { digest } of rows) yield digest;
    const last = rows.at(-1);
    if (!last) return;
    after = last.digest;
  }
}

/** Those of the digests that nothing refers to. */
export async function unusedOf(
  store: Pick<SqlStore, "read">,
  digests: readonly SqlValue[],
): Promise<string[]> {
  const asked = [...new Set(digests.map(String))];
  const live = new Set<string>();
  for (const table of ["tracking_artifacts", "tracking_versions", "tracking_upload_parts"]) {
    const rows = await readAmong<{ digest: string }>(
      store,
      `SELECT digest FROM ${table} WHERE digest IN`,
      asked,
    );
    for (const { digest } of rows) live.add(digest);
  }
  return asked.filter((digest) => !live.has(digest));
}
