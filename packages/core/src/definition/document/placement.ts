import * as z from "zod";
import { json } from "./text.ts";

/**
 * Labels and the names of accounts have the forms of Kubernetes, the narrowest of the platforms that read them:
 * kubernetes.io, "Labels and Selectors", "Syntax and character set", and "Object Names and IDs".
 */
const PART = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
const SUBDOMAIN = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*";
const KEY = new RegExp(`^(?=[^/]{1,253}/|[^/]*$)(?:${SUBDOMAIN}/)?${PART}$`);
const VALUE = new RegExp(`^(?:${PART})?$`);
const ACCOUNT = new RegExp(`^(?=.{1,253}$)${SUBDOMAIN}$`);

const KEY_FORM =
  "expected the key of a label: up to 63 letters, digits, -, _ and ., behind a domain and / where there is one, such as example.com/zone";
const VALUE_FORM =
  "expected the value of a label: up to 63 letters, digits, -, _ and ., as text (numbers and true in quotes)";
const ACCOUNT_FORM = "expected the name of a service account: lower-case letters, digits, - and .";

const labelKey = z.string({ error: KEY_FORM }).regex(KEY, KEY_FORM);
const labelValue = z.string({ error: VALUE_FORM }).regex(VALUE, VALUE_FORM);

const toleration = z.strictObject({
  key: labelKey.nullish().describe("Key of the taint. Default: any."),
  value: labelValue.nullish().describe("Value of the taint. Default: any."),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .nullish()
    .describe("Effect of the taint. Default: any."),
});

export const placement = z
  .strictObject({
    labels: z
      .record(z.string(), labelValue)
      .optional()
      .describe("Labels that the machine must have, such as {disk: ssd}."),
    tolerations: z
      .array(toleration)
      .optional()
      .describe("Taints of machines that are borne, each {key, value, effect} (Kubernetes)."),
    affinity: z
      .record(z.string(), json)
      .nullish()
      .describe("The affinity of a pod as Kubernetes writes it; taken as it is."),
    serviceAccount: z
      .string({ error: ACCOUNT_FORM })
      .regex(ACCOUNT, ACCOUNT_FORM)
      .nullish()
      .describe("The service account that it runs as (Kubernetes). Default: the platform's."),
  })
  .describe(
    "On which machines of a cluster it may run. What one machine runs itself is not placed. No part of the cache key.",
  )
  .meta({ id: "Placement" });

/** What is wrong with the key of a label; undefined when nothing is. */
export function labelProblem(key: string): string | undefined {
  return KEY.test(key) ? undefined : KEY_FORM;
}
