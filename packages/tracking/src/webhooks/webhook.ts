import { invalid, missing } from "../refusal.ts";
import { literalAddress, type Reach, refuseAddress } from "./address.ts";
import type { WebhookEvent } from "./event.ts";

export const webhookStatuses = ["ACTIVE", "DISABLED"] as const;
export type WebhookStatus = (typeof webhookStatuses)[number];

/** A receiver of events. Its secret is not here: it is written and used, never read out. */
export interface Webhook {
  readonly webhookId: string;
  readonly name: string;
  readonly url: string;
  readonly description: string | undefined;
  readonly status: WebhookStatus;
  readonly events: readonly WebhookEvent[];
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  readonly updatedMs: number;
}

const longestUrl = 2048;
const longestDescription = 1000;
const longestSecret = 1000;
const schemes = ["https", "http"];

export function checkWebhookName(name: string): void {
  if (/^(?=.{1,63}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name)) return;
  throw invalid(
    `Webhook name '${name.slice(0, 200)}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
  );
}

/** Names are looked at again whenever something is sent; an address in the URL itself can be judged now. */
export function checkWebhookUrl(url: string, reach: Reach): void {
  if (url.trim() === "") throw invalid(`Webhook URL cannot be empty or just whitespace: '${url}'`);
  if (url.length > longestUrl) throw invalid(`Webhook URL cannot be longer than ${longestUrl} characters.`);
  if (!URL.canParse(url)) throw invalid(`Invalid webhook URL '${url}'. Give it as https://host/path.`);
  const parsed = new URL(url);
  const scheme = parsed.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) {
    throw invalid(`Invalid webhook URL scheme: '${scheme}'. Allowed schemes are: ${schemes.join(", ")}.`);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw invalid("A webhook URL cannot hold a user or password: it is shown to everyone. Use the secret.");
  }
  const address = literalAddress(parsed);
  const refused = address === undefined ? undefined : refuseAddress(address, reach);
  if (refused !== undefined) throw invalid(`Invalid webhook URL '${url}': ${refused}`);
}

export function checkWebhookTexts({
  description,
  secret,
}: Record<"description" | "secret", string | undefined>): void {
  if ((description?.length ?? 0) > longestDescription) {
    throw invalid(`Webhook description cannot be longer than ${longestDescription} characters.`);
  }
  if ((secret?.length ?? 0) > longestSecret) {
    throw invalid(`Webhook secret cannot be longer than ${longestSecret} characters.`);
  }
}

export function webhookMissing(webhookId: string): Error {
  return missing(`Webhook with ID ${webhookId} not found.`);
}
