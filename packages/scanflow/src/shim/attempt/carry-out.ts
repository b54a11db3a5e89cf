import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { notRun, runChild } from "../child/run-child.ts";
import { Fenced, type GatewayClient } from "../gateway-client.ts";
import type { BeatAnswer, End, EndAnswer, Order } from "../protocol.ts";
import { fetchAll } from "./fetch.ts";
import { sinceBeat } from "./heartbeat.ts";
import { LogShipper } from "./log-shipper.ts";
import { LoggedShipper } from "./logged-shipper.ts";
import { publishAll } from "./publish.ts";

export interface CarryOutOptions {
  /** Of this order's token. */
  readonly client: GatewayClient;
  readonly order: Order;
  /** Variables that the command inherits. */
  readonly inherited: Readonly<Record<string, string>>;
  /** Asks the shim itself to end, as when its container is stopped. */
  readonly stop: AbortSignal;
}

/** Largest result that is sent; the gateway refuses it at 1 MiB, and says so. */
const longestResult = 1024 * 1024;

/**
 * Does what an order says, from its inputs to its outputs, and tells how it ended. Undefined: the attempt is not ours
 * any more, and nothing of it runs.
 */
export async function carryOut(options: CarryOutOptions): Promise<EndAnswer | undefined> {
  const { client, order } = options;
  const stop = new AbortController();
  const forward = () => stop.abort();
  options.stop.addEventListener("abort", forward, { once: true });
  if (options.stop.aborted) forward();
  const over = new AbortController();
  const state: State = { running: false };
  const beating = beat({ client, order, state }, { stop, over: over.signal });
  try {
    const end = await work(options, { stop: stop.signal, state });
    return await client.post<EndAnswer>("/attempt/end", end);
  } catch (error) {
    if (error instanceof Fenced) return undefined;
    throw error;
  } finally {
    over.abort();
    options.stop.removeEventListener("abort", forward);
    await beating;
  }
}

interface State {
  /** Whether the command has been started. */
  running: boolean;
}

async function work(
  { client, order, inherited, stop: own }: CarryOutOptions,
  { stop, state }: { readonly stop: AbortSignal; readonly state: State },
): Promise<End> {
  let end = nothing;
  try {
    await fetchAll(client, order);
    if (stop.aborted && !own.aborted) return nothing;
    end = { ...end, ...(await runCommand({ client, order, inherited, stop }, state)) };
    if (own.aborted) return { ...end, trouble: { code: "ESTOPPED", message: "its container was stopped" } };
    if (stop.aborted || end.exit?.code !== 0) return end;
    end = { ...end, ...(await readResult(order.places.result)) };
    return { ...end, ...(await publishAll(client, order)) };
  } catch (error) {
    if (error instanceof Fenced) throw error;
    return { ...end, trouble: troubleOf(error) };
  }
}

/** Nothing was run, and nothing went wrong. */
export const nothing: End = {
  ...notRun,
  trouble: null,
  result: null,
  resultFault: null,
  outputs: {},
  outputFaults: [],
  lastLogged: null,
};

async function runCommand(
  { client, order, inherited, stop }: CarryOutOptions,
  state: State,
): Promise<Partial<End>> {
  const { command, places, root, graceMs } = order;
  const log = new LogShipper(client);
  const logged = places.logged === null ? undefined : new LoggedShipper(client, places.logged);
  const looking = logged && setInterval(() => logged.look(), lookMs);
  try {
    const ended = await runChild({
      file: command.file,
      args: command.args,
      cwd: root,
      env: { ...inherited, ...command.variables },
      graceMs,
      stop,
      started: () => {
        state.running = true;
        // Said once more with each sign of life.
        void client.post("/attempt/started", {}).catch(() => undefined);
      },
      output: (stream, source) => {
        log.follow(stream, source);
        // For who looks at the container itself; its log hides no secrets.
        if (!command.secret) source.on("data", (chunk: Buffer) => process[stream].write(chunk));
      },
    });
    await log.end();
    await logged?.end();
    return { ...ended, lastLogged: (await logged?.last()) ?? null };
  } finally {
    clearInterval(looking);
  }
}

const lookMs = 250;

/** Gives signs of life until the attempt is over. The gateway answers when it wants the next, or that it is to end. */
async function beat(
  { client, order, state }: { client: GatewayClient; order: Order; state: State },
  { stop, over }: { stop: AbortController; over: AbortSignal },
): Promise<void> {
  while (!over.aborted) {
    try {
      const heartbeatMs = await sinceBeat(order.places.heartbeat);
      const answer = await client.post<BeatAnswer>(
        "/attempt/beat",
        { heartbeatMs, running: state.running },
        over,
      );
      if (answer.kind === "stop" && !stop.signal.aborted) stop.abort();
      if (answer.kind === "stop") await ended(over);
    } catch (error) {
      if (over.aborted) return;
      // Nobody wants this attempt any more, or nobody can be asked: it must not go on.
      stop.abort();
      if (!(error instanceof Fenced)) process.stderr.write(`scanflow shim: ${messageOf(error)}\n`);
      return;
    }
  }
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

export async function readResult(path: string): Promise<Pick<End, "result" | "resultFault">> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error) => {
      if (error.code === "ENOENT") return undefined;
      return null;
    },
  );
  if (file === undefined) return { result: null, resultFault: null };
  if (file === null) return { result: null, resultFault: "is not a file" };
  try {
    const found = await file.stat();
    if (!found.isFile()) return { result: null, resultFault: "is not a file" };
    if (found.size > longestResult) {
      return { result: null, resultFault: `is larger than 1 MiB (${found.size} bytes)` };
    }
    return { result: await file.readFile("utf8"), resultFault: null };
  } finally {
    await file.close();
  }
}

export function troubleOf(error: unknown): NonNullable<End["trouble"]> {
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  return { code, message: messageOf(error) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
