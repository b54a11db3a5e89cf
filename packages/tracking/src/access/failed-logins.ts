const windowMs = 60_000;
const mostFailures = 20;
const mostAddresses = 10_000;

interface Failures {
  count: number;
  untilMs: number;
}

/**
 * Counts refused tokens by address. Beyond 20 in a minute they are told to wait; who has a token is never held up.
 * Tokens cannot be guessed, so this only keeps a wrong program from filling the log.
 */
export class FailedLogins {
  readonly #byAddress = new Map<string, Failures>();

  /** Counts one more failure; gives the seconds to wait when there were too many. */
  add(address: string, nowMs: number): number | undefined {
    const known = this.#byAddress.get(address);
    const failures = known && known.untilMs > nowMs ? known : { count: 0, untilMs: nowMs + windowMs };
    failures.count++;
    this.#byAddress.delete(address);
    this.#byAddress.set(address, failures);
    const [oldest] = this.#byAddress.keys();
    if (this.#byAddress.size > mostAddresses && oldest !== undefined) this.#byAddress.delete(oldest);
    return failures.count > mostFailures ? Math.ceil((failures.untilMs - nowMs) / 1000) : undefined;
  }
}
