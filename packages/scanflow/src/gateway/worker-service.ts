import { isIPv6 } from "node:net";
import { listeningInContainer } from "../runners/contract/listening.ts";
import { awaitService } from "../runners/service/await-service.ts";
import type { RemoteAttempt } from "./remote-attempt.ts";

/**
 * Asks a service that a worker has claimed, where that speaks from, until it answers, and tells the attempt the address:
 * by it others on the same network ask it. Nothing is done for what is no service, or once the attempt is over.
 */
export async function awaitWorkerService(attempt: RemoteAttempt, address: string): Promise<void> {
  const { spec } = attempt.offer;
  const { port } = listeningInContainer(spec) ?? {};
  if (port === undefined) return;
  // As a socket for both families has the addresses of the older one.
  const host = address.replace(/^::ffff:(?=\d+\.)/, "");
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const end = new AbortController();
  const forget = attempt.onStop(() => end.abort());
  void attempt.done.then(() => end.abort());
  const log = attempt.log();
  const note = (answer: string) =>
    log.write(Buffer.from(`[scanflow] cannot be asked at ${url} yet: ${answer}\n`));
  const health = spec.service?.health ?? null;
  const asked = await awaitService({ host, port, health, signal: end.signal, note });
  forget();
  if (!asked || attempt.isOver) return;
  attempt.started();
  attempt.ready(url);
}
