/** What of a request tells where it comes from and whom it is meant for. */
export interface Sender {
  readonly method: string;
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

/** Names under which this machine reaches itself, whatever the port. */
const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d+)?$/i;
const reading = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Judges a request by its headers: `host` when it was sent to a name that the server does not go by, as a page does
 * whose name was pointed at this machine (DNS rebinding); `origin` when a page of another site wants to change
 * something; undefined when nothing is wrong.
 *
 * @param hosts names beside those of this machine, with or without a port; `*` is any.
 */
export function strangeness(
  { method, host = "", origin }: Sender,
  hosts: readonly string[] = [],
): "host" | "origin" | undefined {
  if (!loopback.test(host) && !hosts.some((allowed) => isHost(host.toLowerCase(), allowed.toLowerCase()))) {
    return "host";
  }
  if (origin === undefined || reading.has(method)) return undefined;
  const own = new Set([`http://${host}`.toLowerCase(), `https://${host}`.toLowerCase()]);
  return own.has(origin.toLowerCase()) ? undefined : "origin";
}

function isHost(host: string, allowed: string): boolean {
  return allowed === "*" || host === allowed || host.replace(/:\d+$/, "") === allowed;
}
