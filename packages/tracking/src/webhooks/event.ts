import type { KeyValue } from "../context.ts";
import { invalid } from "../refusal.ts";

/** In the order of the protocol's enumeration, whose first number is 1. */
export const entities = [
  "registered_model",
  "model_version",
  "model_version_tag",
  "model_version_alias",
  "prompt",
  "prompt_version",
  "prompt_tag",
  "prompt_version_tag",
  "prompt_alias",
] as const;
export const actions = ["created", "updated", "deleted", "set"] as const;

export type WebhookEntity = (typeof entities)[number];
export type WebhookAction = (typeof actions)[number];

/** What a webhook can be asked to tell. */
export interface WebhookEvent {
  readonly entity: WebhookEntity;
  readonly action: WebhookAction;
}

/** Something that happens in the registry, with the data that is told of it. */
export interface Announcement extends WebhookEvent {
  /** A version may be `nextVersion`: the number that the database is about to give. */
  readonly data: Readonly<Record<string, unknown>> & { readonly name: string };
}

/** Stands for the number of the version that is made; known in the database only. */
export const nextVersion = Symbol("next version");

const changes = ["deleted", "set"] as const;
const lives = ["created", "deleted"] as const;

const actionsOf: Readonly<Record<WebhookEntity, readonly WebhookAction[]>> = {
  registered_model: ["created"],
  model_version: ["created"],
  model_version_tag: changes,
  model_version_alias: lives,
  prompt: ["created"],
  prompt_version: ["created"],
  prompt_tag: changes,
  prompt_version_tag: changes,
  prompt_alias: lives,
};

/** Errors: SCANFLOW_TRACKING_INVALID for a combination that never happens. */
export function checkEvent({ entity, action }: WebhookEvent): void {
  const valid = actionsOf[entity];
  if (valid.includes(action)) return;
  const listed = valid.map((one) => `'${one}'`).join(", ");
  throw invalid(`Invalid action '${action}' for entity '${entity}'. Valid actions are: [${listed}]`);
}

export function eventName({ entity, action }: WebhookEvent): string {
  return `${entity}.${action}`;
}

export function parseEventName(name: string): WebhookEvent {
  const [entity, action] = name.split(".");
  return { entity: entity as WebhookEntity, action: action as WebhookAction };
}

/** Tags as they are told: an object, so a key is told once. */
export function tagsData(tags: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

/** What is told of an event when a webhook is tried out. */
export function exampleOf({ entity, action }: WebhookEvent): Announcement {
  const isPrompt = entity.startsWith("prompt");
  const name = isPrompt ? "example_prompt" : "example_model";
  const described = { tags: { example_key: "example_value" }, description: `An ${name.replace("_", " ")}` };
  const tag = { key: "example_key", ...(action === "set" ? { value: "example_value" } : {}) };
  const alias = { alias: "example_alias", ...(action === "created" ? { version: "1" } : {}) };
  const data: Record<WebhookEntity, object> = {
    registered_model: described,
    model_version: { version: "1", source: "models:/123", run_id: "abcd1234abcd5678", ...described },
    model_version_tag: { version: "1", ...tag },
    model_version_alias: alias,
    prompt: described,
    prompt_version: { version: "1", template: "Hello {{name}}!", ...described },
    prompt_tag: tag,
    prompt_version_tag: { version: "1", ...tag },
    prompt_alias: alias,
  };
  return { entity, action, data: { name, ...data[entity] } };
}
