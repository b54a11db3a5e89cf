import type { Reach } from "./address.ts";
import type { Outbox, TakenDelivery } from "./outbox.ts";
import { judge } from "./retry.ts";
import { send } from "./send.ts";

export interface WebhookOptions {
  /** Lets webhooks lead to this machine and its private networks; default false. */
  readonly allowPrivate?: boolean;
  /** For one attempt, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** The wait before the second attempt, in milliseconds; it doubles. Default 1000. */
  readonly backoffMs?: number;
}

export interface DispatcherOptions extends Required<Omit<WebhookOptions, "allowPrivate">> {
  readonly outbox: Outbox;
  readonly reach: Reach;
  /** Told of what was given up and of what the store refused. */
  readonly warn: (message: string) => void;
}

const mostAtOnce = 20;
/** To one webhook: a receiver that does not answer must not hold up the others. */
const mostEach = 3;
/** Another server's deliveries become due when it dies; that is noticed within this time. */
const longestSleepMs = 60_000;
const leaseMarginMs = 5000;

/** Sends what lies in the outbox until it is stopped; what is under way then lies there again. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #stopped = new AbortController();
  /** What is being sent, and to which webhook. */
  readonly #underWay = new Map<Promise<void>, string>();
  readonly #stopListening: () => void;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #again = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#stopListening = options.outbox.listen(() => this.#wake());
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    clearTimeout(this.#timer);
    this.#stopped.abort(new Error("The server stops."));
    await this.#turn;
    await Promise.all(this.#underWay.keys());
  }

  #wake(): void {
    if (this.#stopped.signal.aborted) return;
    this.#again = true;
    this.#turn ??= this.#work().finally(() => {
      this.#turn = undefined;
      if (this.#again) this.#wake();
    });
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#stopped.signal.aborted) {
      this.#again = false;
      try {
        await this.#sendDue();
      } catch (error) {
        this.#options.warn(`Webhooks wait: ${error instanceof Error ? error.message : String(error)}`);
        this.#wakeIn(this.#options.backoffMs);
      }
    }
  }

  /** Starts what is due and sleeps until the next is; with no room for another, each that ends wakes. */
  async #sendDue(): Promise<void> {
    const { outbox, timeoutMs } = this.#options;
    while (this.#underWay.size < mostAtOnce && !this.#stopped.signal.aborted) {
      const nowMs = Date.now();
      const except = this.#busy();
      const dueMs = (await outbox.nextDueMs(except)) ?? Number.POSITIVE_INFINITY;
      if (dueMs > nowMs) return this.#wakeIn(Math.min(dueMs - nowMs, longestSleepMs));
      const most = mostAtOnce - this.#underWay.size;
      const untilMs = nowMs + timeoutMs + leaseMarginMs;
      const taken = await outbox.take({ nowMs, untilMs, most, mostEach, except });
      for (const delivery of taken) this.#start(delivery);
    }
  }

  /** Webhooks to which enough is under way. */
  #busy(): string[] {
    const byWebhook = Map.groupBy(this.#underWay.values(), (id) => id);
    return [...byWebhook].flatMap(([id, all]) => (all.length >= mostEach ? [id] : []));
  }

  #start(delivery: TakenDelivery): void {
    const ending = this.#deliver(delivery)
      .catch((error) => this.#options.warn(`Webhook ${delivery.webhookId}: ${error}`))
      .finally(() => {
        this.#underWay.delete(ending);
        this.#wake();
      });
    this.#underWay.set(ending, delivery.webhookId);
  }

  async #deliver(delivery: TakenDelivery): Promise<void> {
    const { outbox, reach, timeoutMs, backoffMs, warn } = this.#options;
    const { deliveryId, webhookId, attempt } = delivery;
    const { signal } = this.#stopped;
    const outcome = await send(delivery, { reach, timeoutMs, nowMs: Date.now(), signal });
    if (outcome.kind === "failed" && signal.aborted) return outbox.release(deliveryId);
    const verdict = judge(outcome, { attempt, backoffMs, random: Math.random() });
    if (verdict.kind === "again") return outbox.postpone(deliveryId, Date.now() + verdict.afterMs);
    if (verdict.kind === "given-up") {
      warn(
        `Webhook ${webhookId}: delivery ${deliveryId} given up after ${attempt} attempt(s). ${verdict.reason}`,
      );
    }
    await outbox.remove([deliveryId]);
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted) return;
    this.#timer = setTimeout(() => this.#wake(), ms);
    this.#timer.unref();
  }
}
