import { setTimeout as wait } from "node:timers/promises";
import { sinceBeat } from "../attempt/heartbeat.ts";
import { Fenced, GatewayClient, Unknown } from "../gateway-client.ts";
import { type Attend, type AttendAnswer, type AttendOrder, protocolVersion } from "../protocol.ts";
import type { Settings } from "../settings.ts";
import { Keeper } from "./keeper.ts";

/** While the command runs, and once it is to end. */
const lookMs = 1000;
const soonMs = 200;
/** Before somebody who did not answer is asked again. */
const againMs = 1000;
/** Its work done, it stays so long for a signal that may be on its way: where it ends by itself it is started again. */
const stayMs = 5000;

interface State {
  /** The command has ended. */
  ended: boolean;
  /** Nobody wants anything of the attempt any more. */
  over: boolean;
  /** When it was asked to end. */
  askedAt: number | undefined;
}

/**
 * Stays beside a command that the platform runs: tells how old its heartbeat is, and hands in its checkpoint. To be run
 * as a sidecar that shares the attempt's folder with the command. Gives the exit code.
 */
export async function attend(settings: Settings, asked: AbortSignal): Promise<number> {
  // What is tried again is looked at anew each time.
  const client = new GatewayClient(settings, { patience: 0, isOfAttempt: true });
  const state: State = { ended: false, over: false, askedAt: undefined };
  const over = new AbortController();
  // Ends a wait when something has happened.
  let news = new AbortController();
  const wake = () => news.abort();
  const ask = () => {
    state.askedAt ??= Date.now();
    wake();
  };
  if (asked.aborted) ask();
  else asked.addEventListener("abort", ask, { once: true });
  const order = await ordered(client, settings.site.folder);
  if (order !== undefined) {
    const keeper = await Keeper.open(client, order);
    const beating = beat(client, { order, keeper, state, wake, over: over.signal });
    const pause = async (ms: number) => {
      await wait(ms, undefined, { signal: news.signal }).catch(() => undefined);
      news = new AbortController();
    };
    await keep({ client, order, keeper, state }, pause);
    over.abort();
    await beating;
  }
  await client.close();
  if (!asked.aborted) await wait(stayMs, undefined, { signal: asked }).catch(() => undefined);
  return 0;
}

/** Undefined: the attempt is over. */
async function ordered(client: GatewayClient, folder: string): Promise<AttendOrder | undefined> {
  const message: Attend = { version: protocolVersion, folder };
  for (;;) {
    try {
      return await client.post<AttendOrder>("/attend", message);
    } catch (error) {
      if (isOver(error)) return undefined;
      await wait(againMs);
    }
  }
}

/** A token that is not known yet may be that of an owner that is being started. */
function isOver(error: unknown): boolean {
  return error instanceof Fenced && !(error instanceof Unknown);
}

interface Beating {
  readonly order: AttendOrder;
  readonly keeper: Keeper;
  readonly state: State;
  readonly wake: () => void;
  readonly over: AbortSignal;
}

/** Tells of heartbeats, and hears when the command has ended. */
async function beat(client: GatewayClient, { order, keeper, state, wake, over }: Beating): Promise<void> {
  while (!over.aborted && !state.ended && !state.over) {
    try {
      const heartbeatMs = await sinceBeat(order.heartbeat);
      const { trouble } = keeper;
      const { kind } = await client.post<AttendAnswer>("/attend/beat", { heartbeatMs, trouble }, over);
      if (kind === "end") state.ended = true;
    } catch (error) {
      if (isOver(error)) state.over = true;
      else await wait(againMs, undefined, { signal: over }).catch(() => undefined);
    }
  }
  wake();
}

interface Keeping {
  readonly client: GatewayClient;
  readonly order: AttendOrder;
  readonly keeper: Keeper;
  readonly state: State;
}

/** Looks after the checkpoint until it was handed in for the last time, and says so. */
async function keep(
  { client, order, keeper, state }: Keeping,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (;;) {
    if (state.over) return;
    const { askedAt } = state;
    const last = state.ended || (askedAt !== undefined && Date.now() - askedAt >= order.graceMs);
    try {
      if (await keeper.look({ last, soon: askedAt !== undefined })) {
        if (last) {
          await client.post("/attend/end", { trouble: keeper.trouble });
          return;
        }
      }
    } catch (error) {
      if (isOver(error)) return;
    }
    await pause(last || askedAt !== undefined ? soonMs : lookMs);
  }
}
