import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { revokedError, tokenError } from "./refusal.ts";

/** Ended tokens that are remembered, so that who comes late hears that its time is over. */
const mostRemembered = 10_000;

/**
 * Bearer tokens and what they stand for. They are found by their digest, so how long a look takes tells nothing of a
 * token, and none stands in memory as it is.
 */
export class Tokens<Holder> {
  readonly #holders = new Map<string, Holder>();
  readonly #revoked = new Set<string>();

  /** Makes a token, or takes one that an earlier owner made. */
  issue(holder: Holder, token: string = newToken()): Issued {
    const digest = digestOf(token);
    this.#holders.set(digest, holder);
    this.#revoked.delete(digest);
    return {
      token,
      revoke: () => {
        if (!this.#holders.delete(digest)) return;
        this.#revoked.add(digest);
        const [oldest] = this.#revoked;
        if (this.#revoked.size > mostRemembered && oldest !== undefined) this.#revoked.delete(oldest);
      },
    };
  }

  /** Errors: SCANFLOW_GATEWAY_TOKEN, SCANFLOW_ATTEMPT_REVOKED. */
  holder(authorization: string | undefined): Holder {
    const digest = digestOf(tokenOf(authorization) ?? "");
    const holder = this.#holders.get(digest);
    if (holder !== undefined) return holder;
    throw this.#revoked.has(digest) ? revokedError() : tokenError();
  }
}

export interface Issued {
  readonly token: string;
  revoke(): void;
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** A token that follows from another: who knows that one can tell it, and from it that one cannot be told. */
export function derived(token: string, purpose: string): string {
  return createHmac("sha256", token).update(purpose).digest("base64url");
}

export function tokenOf(authorization: string | undefined): string | undefined {
  return /^Bearer ([\w.~+/-]{1,512}=*)$/i.exec(authorization ?? "")?.[1];
}

/** Whether two tokens are the same, in a time that does not hang on where they differ. */
export function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
