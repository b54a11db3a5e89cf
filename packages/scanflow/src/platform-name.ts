import { createHash } from "node:crypto";

const LABEL = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
/** What the names below end in when something was lost on the way; who ends so by itself is told apart by another one. */
const MARKED = /-[0-9a-f]{8}$/;
const MARK = 9;

export interface NameOptions {
  /** Most characters; default 63, the longest label of DNS. */
  readonly most?: number;
}

/**
 * A name that every platform takes, for any text of ours: a label of DNS (RFC 1123) that begins with a letter, as
 * Kubernetes asks of Services (RFC 1035), and Compose and Swarm of services and networks. A text that is one stays as
 * it is; of any other what can be kept is kept, and 8 digits of its sha256 stand behind it, so that two texts never
 * get one name.
 */
export function platformName(text: string, { most = 63 }: NameOptions = {}): string {
  if (text.length <= most && LABEL.test(text) && !MARKED.test(text)) return text;
  const kept = text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, most - MARK)
    .replace(/-+$/, "");
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${kept || "x"}-${digest}`;
}

/** A value that a label of Kubernetes may have: any text that is one, else its `platformName`. */
export function labelValue(text: string): string {
  return text.length <= 63 && /^(?:[a-z0-9](?:[\w.-]*[a-z0-9])?)?$/i.test(text) ? text : platformName(text);
}
