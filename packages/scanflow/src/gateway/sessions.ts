import type { Offer } from "../runners/gateway.ts";
import { revokedError, tokenError } from "./refusal.ts";
import type { RemoteAttempt } from "./remote-attempt.ts";
import { derived, isSame } from "./tokens.ts";

/**
 * What an attempt's shim shows once it has claimed it. It follows from the attempt's own token and a number that grows
 * with each claim, so an owner that takes the attempt over knows it again, and who claimed earlier is told from who did last.
 */
export function sessionToken(ticket: string, kind: "w" | "t", number: number): string {
  return `${kind}.${idOf(ticket)}.${number}.${derived(ticket, `session ${number}`)}`;
}

/** The replicas of a service that the platform runs fetch side by side, and none of them hands anything in. */
export function isShared({ spec, runs = true }: Offer): boolean {
  return spec.service !== undefined && !runs;
}

/** The attempts of a door, found by what their shims show. */
export class Sessions {
  readonly #attempts = new Map<string, RemoteAttempt>();
  readonly #over = new Set<string>();

  add(ticket: string, attempt: RemoteAttempt): void {
    const id = idOf(ticket);
    this.#over.delete(id);
    this.#attempts.set(id, attempt);
  }

  remove(ticket: string): void {
    const id = idOf(ticket);
    if (!this.#attempts.delete(id)) return;
    this.#over.add(id);
    const [oldest] = this.#over;
    if (this.#over.size > mostRemembered && oldest !== undefined) this.#over.delete(oldest);
  }

  /** Errors: SCANFLOW_GATEWAY_TOKEN, SCANFLOW_ATTEMPT_REVOKED. */
  attempt(token: string | undefined): RemoteAttempt {
    const [, kind, id = "", number = ""] = /^([wt])\.([0-9a-f]{32})\.(\d{1,15})\./.exec(token ?? "") ?? [];
    const attempt = this.#attempts.get(id);
    if (token === undefined || kind === undefined) throw tokenError();
    if (attempt === undefined) {
      // What a worker had claimed of an owner that has ended is nobody's; a container of its own may be adopted yet.
      throw kind === "w" || this.#over.has(id) ? revokedError() : tokenError();
    }
    if (!isSame(token, attempt.sessionToken(Number(number)))) throw tokenError();
    attempt.showSession(Number(number));
    return attempt;
  }
}

const mostRemembered = 10_000;

function idOf(ticket: string): string {
  return Buffer.from(derived(ticket, "id"), "base64url").toString("hex").slice(0, 32);
}
