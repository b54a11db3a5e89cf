import { randomUUID } from "node:crypto";
import type { Context, Page } from "../context.ts";
import { invalid } from "../refusal.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import type { SqlValue, Statement } from "../store/index.ts";
import type { Reach } from "./address.ts";
import { checkEvent, eventName, parseEventName, type WebhookEvent } from "./event.ts";
import {
  checkWebhookName,
  checkWebhookTexts,
  checkWebhookUrl,
  type Webhook,
  type WebhookStatus,
  webhookMissing,
} from "./webhook.ts";

/** What is said of a webhook; absent or empty is unsaid. */
export interface WebhookFields {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly events: readonly WebhookEvent[];
  readonly description?: string | undefined;
  readonly secret?: string | undefined;
  readonly status?: WebhookStatus | undefined;
}

interface WebhookContext extends Context {
  readonly reach: Reach;
}

interface WebhookRow {
  readonly webhook_id: string;
  readonly name: string;
  readonly url: string;
  readonly description: string | null;
  readonly status: WebhookStatus;
  readonly created_ms: number;
  readonly updated_ms: number;
}

const columns = "w.webhook_id, w.name, w.url, w.description, w.status, w.created_ms, w.updated_ms";

/** Errors: SCANFLOW_TRACKING_INVALID. */
export async function createWebhook(context: WebhookContext, fields: WebhookFields): Promise<Webhook> {
  const { name = "", url = "", events, description, secret, status = "ACTIVE" } = fields;
  check({ ...fields, name, url }, context.reach);
  if (events.length === 0)
    throw invalid("Webhook events must be a non-empty list of WebhookEvent objects: [].");
  const webhookId = randomUUID();
  const at = context.now();
  await context.store.write([
    {
      sql: `INSERT INTO tracking_webhooks
          (webhook_id, name, url, description, secret, status, created_ms, updated_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      params: [webhookId, name, url, description || null, secret || null, status, at, at],
    },
    addEvents(webhookId, events),
  ]);
  return getWebhook(context, webhookId);
}

/** Errors: SCANFLOW_TRACKING_MISSING. */
export async function getWebhook(context: Context, webhookId: string): Promise<Webhook> {
  const rows = await context.store.read<WebhookRow>(
    `SELECT ${columns} FROM tracking_webhooks w WHERE w.webhook_id = ?`,
    [webhookId],
  );
  const [webhook] = await withEvents(context, rows);
  if (!webhook) throw webhookMissing(webhookId);
  return webhook;
}

/** The newest first. */
export async function listWebhooks(
  context: Context,
  { maxResults, pageToken }: { maxResults: number; pageToken?: string | undefined },
): Promise<Page<Webhook>> {
  if (maxResults < 1 || maxResults > 1000) throw invalid("max_results must be between 1 and 1000.");
  const offset = fromPageToken(pageToken);
  const found = await context.store.read<WebhookRow>(
    `SELECT ${columns} FROM tracking_webhooks w ORDER BY w.created_ms DESC, w.webhook_id LIMIT ? OFFSET ?`,
    [maxResults + 1, offset],
  );
  const { rows, next } = toPage(found, offset, maxResults);
  const items = await withEvents(context, rows);
  return next === undefined ? { items } : { items, nextPageToken: next };
}

/** Changes what is said and leaves the rest; events are replaced as a whole. */
export async function updateWebhook(
  context: WebhookContext,
  webhookId: string,
  fields: WebhookFields,
): Promise<Webhook> {
  const before = await getWebhook(context, webhookId);
  const { name, url, events, description, secret, status } = fields;
  check({ ...fields, name: name || before.name, url: url || before.url }, context.reach);
  const changes: [column: string, value: SqlValue][] = [["updated_ms", context.now()]];
  for (const [column, value] of Object.entries({ name, url, description, secret, status })) {
    if (value) changes.push([column, value]);
  }
  const unit: Statement[] = [
    {
      sql: `UPDATE tracking_webhooks SET ${changes.map(([column]) => `${column} = ?`).join(", ")}
        WHERE webhook_id = ?`,
      params: [...changes.map(([, value]) => value), webhookId],
    },
  ];
  if (events.length > 0) {
    unit.push(
      { sql: "DELETE FROM tracking_webhook_events WHERE webhook_id = ?", params: [webhookId] },
      addEvents(webhookId, events),
    );
  }
  await context.store.write(unit);
  return getWebhook(context, webhookId);
}

/** Takes a webhook away with what was still to be told to it. */
export async function deleteWebhook({ store }: Context, webhookId: string): Promise<void> {
  const [removed] = await store.write([
    { sql: "DELETE FROM tracking_webhooks WHERE webhook_id = ?", params: [webhookId] },
  ]);
  if (removed?.changes === 0) throw webhookMissing(webhookId);
}

function check(fields: WebhookFields & { name: string; url: string }, reach: Reach): void {
  checkWebhookName(fields.name);
  checkWebhookUrl(fields.url, reach);
  checkWebhookTexts({ description: fields.description, secret: fields.secret });
  for (const event of fields.events) checkEvent(event);
}

function addEvents(webhookId: string, events: readonly WebhookEvent[]): Statement {
  return {
    sql: `INSERT INTO tracking_webhook_events (webhook_id, event, place)
      SELECT webhook_id, CAST(? AS TEXT), CAST(? AS BIGINT) FROM tracking_webhooks WHERE webhook_id = ?
      ON CONFLICT DO NOTHING`,
    rows: events.map((event, place) => [eventName(event), place, webhookId]),
  };
}

async function withEvents({ store }: Context, rows: readonly WebhookRow[]): Promise<Webhook[]> {
  if (rows.length === 0) return [];
  const events = await store.read<{ webhook_id: string; event: string }>(
    `SELECT webhook_id, event FROM tracking_webhook_events
      WHERE webhook_id IN (${rows.map(() => "?").join(", ")}) ORDER BY webhook_id, place`,
    rows.map(({ webhook_id }) => webhook_id),
  );
  return rows.map((row) => ({
    webhookId: row.webhook_id,
    name: row.name,
    url: row.url,
    description: row.description ?? undefined,
    status: row.status,
    events: events.flatMap((one) => (one.webhook_id === row.webhook_id ? [parseEventName(one.event)] : [])),
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  }));
}
