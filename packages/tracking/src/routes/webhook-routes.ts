import { z } from "zod";
import { actions, entities, type WebhookAction, type WebhookEntity } from "../webhooks/event.ts";
import { tryWebhook } from "../webhooks/try-webhook.ts";
import { webhookStatuses } from "../webhooks/webhook.ts";
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  updateWebhook,
} from "../webhooks/webhooks.ts";
import { list, oneOf, optional, required, text, whole } from "./fields.ts";
import { filled } from "./json/run-json.ts";
import { trialJson, webhookJson } from "./json/webhook-json.ts";
import { type Route, refuseField, route } from "./route.ts";

const upper = <T extends string>(names: readonly T[]) => names.map((name) => name.toUpperCase());
const event = z
  .object({ entity: oneOf(upper(entities), 1), action: oneOf(upper(actions), 1) })
  .transform(({ entity, action }) => ({
    entity: entity.toLowerCase() as WebhookEntity,
    action: action.toLowerCase() as WebhookAction,
  }));
const fields = {
  url: text,
  events: list(event),
  description: text,
  secret: text,
  status: optional(oneOf(webhookStatuses, 1)),
};
const place = { webhook_id: required };

/** Who is told of the registry's events. A secret goes in and never comes out. */
export const webhookRoutes: readonly Route[] = [
  route("POST webhooks", { ...fields, name: required, url: required }, async (context, input) => {
    if (input.events.length === 0) throw refuseField("events", undefined);
    return { webhook: webhookJson(await createWebhook(context, input)) };
  }),
  route("GET webhooks", { max_results: optional(whole), page_token: text }, async (context, input) => {
    const { items, nextPageToken } = await listWebhooks(context, {
      maxResults: input.max_results || 100,
      pageToken: input.page_token,
    });
    return { webhooks: filled(items.map(webhookJson)), next_page_token: nextPageToken };
  }),
  route("GET webhooks/:webhook_id", place, async (context, input) => ({
    webhook: webhookJson(await getWebhook(context, input.webhook_id)),
  })),
  route("PATCH webhooks/:webhook_id", { ...place, ...fields, name: text }, async (context, input) => ({
    webhook: webhookJson(await updateWebhook(context, input.webhook_id, input)),
  })),
  route("DELETE webhooks/:webhook_id", place, (context, input) => deleteWebhook(context, input.webhook_id)),
  route("POST webhooks/:webhook_id/test", { ...place, event: optional(event) }, async (context, input) => {
    const { timeoutMs } = context.webhooks;
    const outcome = await tryWebhook(context, input.webhook_id, { event: input.event, timeoutMs });
    return { result: trialJson(outcome) };
  }),
];
