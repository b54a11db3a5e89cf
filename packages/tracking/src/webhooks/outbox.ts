import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import { numberOfNext } from "../registry/next-version.ts";
import type { Fragment } from "../search/compile.ts";
import type { SqlStore, Statement } from "../store/index.ts";
import { type Announcement, eventName, nextVersion } from "./event.ts";
import type { Delivery } from "./send.ts";

/** A delivery that is taken to be sent; `attempt` counts from 1. */
export interface TakenDelivery extends Delivery {
  readonly webhookId: string;
  readonly attempt: number;
}

interface TakenRow {
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly body: string;
  readonly attempts: number;
}

interface Receiver {
  readonly webhook_id: string;
  readonly url: string;
  readonly secret: string | null;
}

/**
 * What is still to be told to webhooks. It is stored with the change that it tells of, so a server that dies forgets
 * nothing; each delivery may arrive more than once, always with the same id.
 */
export class Outbox {
  readonly #context: Context;
  readonly #listeners = new Set<() => void>();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Makes a change of the registry by one write, and stores in the same transaction, ahead of it, what is to be told:
   * either both are there or neither, whenever the process dies.
   */
  async along<C extends Context, T>(
    context: C,
    announcements: readonly Announcement[],
    change: (context: C) => Promise<T>,
  ): Promise<T> {
    const told = (await Promise.all(announcements.map((one) => this.statements(one)))).flat();
    if (told.length === 0) return change(context);
    const changed = await change({ ...context, store: ahead(context.store, told) });
    this.wake();
    return changed;
  }

  /**
   * What puts an announcement down for every active webhook that asked for it, to stand in a unit before the change;
   * nothing is told where `unless` finds a row. Call `wake` when the unit is written.
   */
  async statements(announcement: Announcement, unless?: Fragment): Promise<Statement[]> {
    const { store, now } = this.#context;
    const listening = await store.read<{ webhook_id: string }>(
      `SELECT w.webhook_id FROM tracking_webhook_events e
        JOIN tracking_webhooks w ON w.webhook_id = e.webhook_id
        WHERE e.event = ? AND w.status = 'ACTIVE'`,
      [eventName(announcement)],
    );
    if (listening.length === 0) return [];
    const body = bodyInSql(announcement, now());
    return [
      {
        sql: `INSERT INTO tracking_webhook_deliveries (delivery_id, webhook_id, body, attempts, due_ms)
          SELECT CAST(? AS TEXT), w.webhook_id, ${body.sql}, 0, 0 FROM tracking_webhooks w
          WHERE w.webhook_id = ?${unless ? ` AND NOT EXISTS (${unless.sql})` : ""}`,
        rows: listening.map(({ webhook_id }) => [
          randomUUID(),
          ...body.params,
          webhook_id,
          ...(unless?.params ?? []),
        ]),
      },
    ];
  }

  /** Something may have been put down. */
  wake(): void {
    for (const tell of this.#listeners) tell();
  }

  /** Calls `tell` whenever something is put down; gives what ends that. */
  listen(tell: () => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  /**
   * Takes deliveries that are due: a few for each webhook, none for those in `except`. Nobody else takes them until
   * `untilMs`, when they were lost with who took them.
   */
  async take({ nowMs, untilMs, most, mostEach, except }: Taking): Promise<TakenDelivery[]> {
    const { store } = this.#context;
    const [taken] = await store.write([
      {
        sql: `UPDATE tracking_webhook_deliveries SET due_ms = ?, attempts = attempts + 1
          WHERE due_ms <= ? AND delivery_id IN (SELECT delivery_id FROM (SELECT delivery_id, due_ms,
              ROW_NUMBER() OVER (PARTITION BY webhook_id ORDER BY due_ms, delivery_id) AS place
            FROM tracking_webhook_deliveries WHERE due_ms <= ? AND ${notOf(except)}) AS due
            WHERE place <= ? ORDER BY due_ms, delivery_id LIMIT ?)
          RETURNING delivery_id, webhook_id, body, attempts`,
        params: [untilMs, nowMs, nowMs, ...except, mostEach, most],
      },
    ]);
    const rows = (taken?.rows ?? []) as unknown as TakenRow[];
    if (rows.length === 0) return [];
    const ids = [...new Set(rows.map(({ webhook_id }) => webhook_id))];
    const receivers = await store.read<Receiver>(
      `SELECT webhook_id, url, secret FROM tracking_webhooks
        WHERE status = 'ACTIVE' AND webhook_id IN (${ids.map(() => "?").join(", ")})`,
      ids,
    );
    const byId = new Map(receivers.map((receiver) => [receiver.webhook_id, receiver]));
    const dropped = rows.filter(({ webhook_id }) => !byId.has(webhook_id));
    await this.remove(dropped.map(({ delivery_id }) => delivery_id));
    return rows.flatMap(({ delivery_id: deliveryId, webhook_id: webhookId, body, attempts }) => {
      const receiver = byId.get(webhookId);
      if (!receiver) return [];
      const { url, secret } = receiver;
      return [{ deliveryId, webhookId, url, secret: secret ?? undefined, body, attempt: Number(attempts) }];
    });
  }

  async remove(deliveryIds: readonly string[]): Promise<void> {
    if (deliveryIds.length === 0) return;
    await this.#context.store.write([
      {
        sql: "DELETE FROM tracking_webhook_deliveries WHERE delivery_id = ?",
        rows: deliveryIds.map((id) => [id]),
      },
    ]);
  }

  async postpone(deliveryId: string, dueMs: number): Promise<void> {
    await this.#context.store.write([
      {
        sql: "UPDATE tracking_webhook_deliveries SET due_ms = ? WHERE delivery_id = ?",
        params: [Math.ceil(dueMs), deliveryId],
      },
    ]);
  }

  /** Puts back what was taken and not sent to its end: the attempt does not count. */
  async release(deliveryId: string): Promise<void> {
    await this.#context.store.write([
      {
        sql: "UPDATE tracking_webhook_deliveries SET due_ms = 0, attempts = attempts - 1 WHERE delivery_id = ?",
        params: [deliveryId],
      },
    ]);
  }

  /** When the next delivery to other webhooks is due, in milliseconds since 1970; undefined when there is none. */
  async nextDueMs(except: readonly string[]): Promise<number | undefined> {
    const [row] = await this.#context.store.read<{ due: number | null }>(
      `SELECT MIN(due_ms) AS due FROM tracking_webhook_deliveries WHERE ${notOf(except)}`,
      except,
    );
    return row?.due === null || row === undefined ? undefined : Number(row.due);
  }
}

interface Taking {
  readonly nowMs: number;
  readonly untilMs: number;
  readonly most: number;
  readonly mostEach: number;
  readonly except: readonly string[];
}

function notOf(except: readonly string[]): string {
  return except.length === 0 ? "1 = 1" : `webhook_id NOT IN (${except.map(() => "?").join(", ")})`;
}

/** The same store, which writes these statements ahead of the first unit, in its transaction. */
function ahead(store: SqlStore, statements: readonly Statement[]): SqlStore {
  let waiting = statements;
  return {
    shared: store.shared,
    read: (query, params) => store.read(query, params),
    snapshot: (queries) => store.snapshot(queries),
    write: async (unit) => {
      const first = waiting;
      waiting = [];
      return (await store.write([...first, ...unit])).slice(first.length);
    },
  };
}

/** What is sent for an announcement that was made at a time. */
export function bodyOf({ entity, action, data }: Announcement, atMs: number): string {
  return JSON.stringify({ entity, action, timestamp: new Date(atMs).toISOString(), data });
}

/** The same as an expression: the number of the next version is put in by the database. */
function bodyInSql({ data, ...event }: Announcement, atMs: number): Fragment {
  if (data.version !== nextVersion) {
    return { sql: "CAST(? AS TEXT)", params: [bodyOf({ data, ...event }, atMs)] };
  }
  const mark = randomUUID();
  const body = bodyOf({ ...event, data: { ...data, version: mark } }, atMs);
  const [before = "", after = ""] = body.split(mark);
  // A model that is made in the same unit is not there yet.
  const number = `CAST(COALESCE((SELECT ${numberOfNext} FROM tracking_models m WHERE m.name = ?), 1) AS TEXT)`;
  return {
    sql: `CAST(? AS TEXT) || ${number} || CAST(? AS TEXT)`,
    params: [before, data.name, after],
  };
}
