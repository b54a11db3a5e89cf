import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { nodeHttp } from "../../node-http.ts";

export interface AwaitedService {
  readonly host: string;
  readonly port: number;
  /** Path that answers 200 to 399 once it can be asked; null: it can once its port takes connections. */
  readonly health: string | null;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Told what a service that takes long says so far, each answer once. */
  readonly note: (answer: string) => void;
}

const ASK_EVERY_MS = 100;
const LONGEST_ANSWER_MS = 5000;
/** Most services take a few seconds to load; who waits longer wants to know for what. */
const TELL_AFTER_MS = 5000;

/** Waits until a service can be asked. False: the wait was ended before. */
export async function awaitService({ signal, note, ...service }: AwaitedService): Promise<boolean> {
  const told = new Set<string>();
  const since = Date.now();
  for (;;) {
    const answer = await ask(service, signal);
    if (answer === null) return true;
    if (signal.aborted) return false;
    if (Date.now() - since > TELL_AFTER_MS && !told.has(answer)) {
      told.add(answer);
      note(answer);
    }
    await wait(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
}

/** null: it can be asked; else what it says. */
function ask(
  { host, port, health }: Pick<AwaitedService, "host" | "port" | "health">,
  signal: AbortSignal,
): Promise<string | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_ANSWER_MS)]);
  return new Promise((resolve) => {
    const failed = (error: Error) =>
      resolve(limit.aborted ? `no answer within ${LONGEST_ANSWER_MS} ms` : error.message);
    if (health === null) {
      const socket = connect({ host, port, signal: limit }, () => {
        socket.destroy();
        resolve(null);
      });
      socket.on("error", failed);
      return;
    }
    // An agent of its own: no proxy stands between this machine and itself.
    const request = nodeHttp.get({ host, port, path: health, agent: false, signal: limit }, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(statusCode >= 200 && statusCode < 400 ? null : `GET ${health} answers ${statusCode}`);
    });
    request.on("error", failed);
  });
}
