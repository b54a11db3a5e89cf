import type { Context, Page } from "../context.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";

/** A request that changed something, or was refused to. */
export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly user: string;
  /** Where the request came from. */
  readonly address: string;
  readonly method: string;
  /** The pattern of the route, such as `/api/2.0/mlflow/runs/create`. */
  readonly route: string;
  /** The ids and names it concerned; never a value. */
  readonly target: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface AuditOptions {
  /** Older entries go, in days; default: none do. */
  readonly keepDays?: number;
  /** The oldest go beyond these; default 1,000,000. */
  readonly keepEntries?: number;
}

const dayMs = 86_400_000;
const prunedEvery = 1000;

/** Writes and reads the audit, and keeps it from growing without bound. */
export class Audit {
  readonly #context: Context;
  readonly #options: AuditOptions;
  #sincePruned = prunedEvery;

  constructor(context: Context, options: AuditOptions = {}) {
    this.#context = context;
    this.#options = options;
  }

  async add(entry: Omit<AuditEntry, "atMs">): Promise<void> {
    const { store, now } = this.#context;
    const { user, address, method, route, target, status } = entry;
    const atMs = now();
    await store.write([
      {
        sql: `INSERT INTO access_audit (at_ms, user_name, address, method, route, target, status)
          VALUES (?, ?, ?, ?, ?, ?, ?)`,
        params: [atMs, user, address, method, route, JSON.stringify(target), status],
      },
    ]);
    if (++this.#sincePruned < prunedEvery) return;
    this.#sincePruned = 0;
    await this.#prune(atMs);
  }

  /** The newest first; of one user, or from a time on. */
  async list({
    user,
    sinceMs,
    maxResults,
    pageToken,
  }: {
    user?: string | undefined;
    sinceMs?: number | undefined;
    maxResults: number;
    pageToken?: string | undefined;
  }): Promise<Page<AuditEntry>> {
    const offset = fromPageToken(pageToken);
    const found = await this.#context.store.read<AuditRow>(
      `SELECT at_ms, user_name, address, method, route, target, status FROM access_audit
        WHERE at_ms >= ? ${user === undefined ? "" : "AND user_name = ?"}
        ORDER BY id DESC LIMIT ? OFFSET ?`,
      [sinceMs ?? 0, ...(user === undefined ? [] : [user]), maxResults + 1, offset],
    );
    const { rows, next } = toPage(found, offset, maxResults);
    const items = rows.map(({ at_ms: atMs, user_name, target, ...rest }) => ({
      ...rest,
      atMs,
      user: user_name,
      target: JSON.parse(target) as Record<string, string>,
    }));
    return next === undefined ? { items } : { items, nextPageToken: next };
  }

  async #prune(nowMs: number): Promise<void> {
    const { keepDays, keepEntries = 1_000_000 } = this.#options;
    await this.#context.store.write([
      ...(keepDays === undefined
        ? []
        : [{ sql: "DELETE FROM access_audit WHERE at_ms < ?", params: [nowMs - keepDays * dayMs] }]),
      {
        sql: `DELETE FROM access_audit WHERE id <=
          (SELECT id FROM access_audit ORDER BY id DESC LIMIT 1 OFFSET CAST(? AS BIGINT))`,
        params: [keepEntries],
      },
    ]);
  }
}

interface AuditRow {
  readonly at_ms: number;
  readonly user_name: string;
  readonly address: string;
  readonly method: string;
  readonly route: string;
  readonly target: string;
  readonly status: number;
}
