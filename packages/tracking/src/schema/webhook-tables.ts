import type { Migration } from "../store/index.ts";

/** Who wants to hear of the registry's events, and what is still to be told to them. */
export const webhookTables: Migration = {
  room: "tracking",
  id: "007-webhooks",
  up: [
    `CREATE TABLE tracking_webhooks (
      webhook_id TEXT PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, description TEXT, secret TEXT,
      status TEXT NOT NULL, created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL)`,
    `CREATE TABLE tracking_webhook_events (
      webhook_id TEXT NOT NULL REFERENCES tracking_webhooks (webhook_id) ON DELETE CASCADE,
      event TEXT NOT NULL, place BIGINT NOT NULL, PRIMARY KEY (webhook_id, event)) WITHOUT ROWID`,
    `CREATE INDEX tracking_webhook_events_by_event ON tracking_webhook_events (event)`,
    `CREATE TABLE tracking_webhook_deliveries (
      delivery_id TEXT PRIMARY KEY,
      webhook_id TEXT NOT NULL REFERENCES tracking_webhooks (webhook_id) ON DELETE CASCADE,
      body TEXT NOT NULL, attempts BIGINT NOT NULL, due_ms BIGINT NOT NULL)`,
    `CREATE INDEX tracking_webhook_deliveries_by_due ON tracking_webhook_deliveries (due_ms)`,
    `CREATE INDEX tracking_webhook_deliveries_by_webhook ON tracking_webhook_deliveries (webhook_id)`,
  ],
};
