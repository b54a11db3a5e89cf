import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import type { Reach } from "./address.ts";
import { checkEvent, exampleOf, type WebhookEvent } from "./event.ts";
import { bodyOf } from "./outbox.ts";
import { type Outcome, send } from "./send.ts";
import { webhookMissing } from "./webhook.ts";
import { getWebhook } from "./webhooks.ts";

/** Sends an example of an event (the first that the webhook asked for) once, and says what came back. */
export async function tryWebhook(
  context: Context & { readonly reach: Reach },
  webhookId: string,
  { event, timeoutMs }: { event: WebhookEvent | undefined; timeoutMs: number },
): Promise<Outcome> {
  const { url, events } = await getWebhook(context, webhookId);
  const told = event ?? events[0];
  if (!told) throw webhookMissing(webhookId);
  checkEvent(told);
  const [row] = await context.store.read<{ secret: string | null }>(
    "SELECT secret FROM tracking_webhooks WHERE webhook_id = ?",
    [webhookId],
  );
  const nowMs = Date.now();
  const delivery = {
    deliveryId: randomUUID(),
    url,
    secret: row?.secret ?? undefined,
    body: bodyOf(exampleOf(told), nowMs),
  };
  return send(delivery, { reach: context.reach, timeoutMs, nowMs });
}
