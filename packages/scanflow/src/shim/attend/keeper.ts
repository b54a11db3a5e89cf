import { Fenced, type GatewayClient, Unknown } from "../gateway-client.ts";
import type { AttendOrder } from "../protocol.ts";
import { handIn } from "./hand-in.ts";
import { readMark, writeMark } from "./mark.ts";
import { Changed } from "./open-found.ts";
import { type Survey, survey } from "./survey.ts";

/** How a checkpoint is looked at. */
export interface Look {
  /** Nothing writes to it any more, or nothing can be waited for any longer. */
  readonly last: boolean;
  /** The command may write yet, but not for long. */
  readonly soon: boolean;
}

/** A folder that never rests is sent as it is found after this time. */
const restlessMs = 60_000;
/** Sending takes no more than one part in so many of the time. */
const share = 20;
/** After something that may pass. */
const againMs = 1000;

/** Hands in the checkpoint of an attempt whenever it is time to. */
export class Keeper {
  readonly #client: GatewayClient;
  readonly #order: AttendOrder;
  /** What the owner has. */
  #handed: string | undefined;
  /** What the owner does not take. */
  #refused: string | undefined;
  /** What was found by the last look. */
  #seen: string | undefined;
  #changedAt = Number.POSITIVE_INFINITY;
  #nextAt: number;
  #trouble: string | null = null;

  private constructor(client: GatewayClient, order: AttendOrder, handed: string | undefined) {
    this.#client = client;
    this.#order = order;
    this.#handed = handed;
    this.#nextAt = Date.now() + order.everyMs;
  }

  static async open(client: GatewayClient, order: AttendOrder): Promise<Keeper> {
    return new Keeper(client, order, await readMark());
  }

  /** Why the checkpoint cannot be handed in as it is now; null: nothing is in the way. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Gives whether the owner has the checkpoint as it was found, or will never take it. Throws `Fenced`. */
  async look({ last, soon }: Look): Promise<boolean> {
    const { checkpoint, mostBytes } = this.#order;
    const now = Date.now();
    const found = await survey(checkpoint, { mostBytes });
    const rests = found.print === this.#seen;
    this.#seen = found.print;
    if (found.print === this.#handed || found.print === this.#refused) {
      this.#changedAt = Number.POSITIVE_INFINITY;
      if (found.print === this.#handed) this.#trouble = null;
      return true;
    }
    this.#changedAt = Math.min(this.#changedAt, now);
    if (!last && now < this.#nextAt && !soon) return false;
    const restless = last || now - this.#changedAt >= restlessMs;
    if (!rests && !restless) return false;
    if (found.fault !== null) {
      this.#trouble = found.fault;
      this.#refused = found.print;
      return true;
    }
    return this.#send(found, { asFound: restless && !rests });
  }

  async #send({ print }: Survey, { asFound }: { asFound: boolean }): Promise<boolean> {
    const { checkpoint: folder, mostBytes, everyMs } = this.#order;
    const began = Date.now();
    try {
      const kept = await handIn(this.#client, { folder, mostBytes, print: asFound ? null : print });
      if (kept) await writeMark(print);
      if (kept) this.#handed = print;
      else this.#refused = print;
      this.#changedAt = Number.POSITIVE_INFINITY;
      this.#trouble = null;
      this.#nextAt = Date.now() + Math.max(everyMs, share * (Date.now() - began));
      return true;
    } catch (error) {
      if (error instanceof Fenced && !(error instanceof Unknown)) throw error;
      // Sent in vain it is not sent again at once: it may be large.
      const took = Date.now() - began;
      this.#nextAt = Date.now() + Math.max(againMs, error instanceof Changed ? took : share * took);
      return false;
    }
  }
}
