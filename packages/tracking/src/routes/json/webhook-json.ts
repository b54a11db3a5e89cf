import type { WebhookEvent } from "../../webhooks/event.ts";
import type { Outcome } from "../../webhooks/send.ts";
import type { Webhook } from "../../webhooks/webhook.ts";
import { filled } from "./run-json.ts";

export function webhookJson(webhook: Webhook) {
  return {
    webhook_id: webhook.webhookId,
    name: webhook.name,
    url: webhook.url,
    events: filled(webhook.events.map(eventJson)),
    description: webhook.description,
    status: webhook.status,
    creation_timestamp: webhook.createdMs,
    last_updated_timestamp: webhook.updatedMs,
  };
}

/** What came of trying a webhook. */
export function trialJson(outcome: Outcome) {
  if (outcome.kind === "answered") {
    const { status, body } = outcome;
    return { success: status < 400, response_status: status, response_body: body };
  }
  return { success: false, error_message: `Failed to test webhook: ${outcome.reason}` };
}

function eventJson({ entity, action }: WebhookEvent) {
  return { entity: entity.toUpperCase(), action: action.toUpperCase() };
}
