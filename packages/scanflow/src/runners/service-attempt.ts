import type { Listening } from "./contract/listening.ts";
import type { Frame } from "./frame.ts";
import { awaitService } from "./service/await-service.ts";

/** A service of this machine: where it listens, and how it is watched until it can be asked. */
export interface ProcessService extends Listening {
  /** Its process runs: tells the attempt once it can be asked. */
  watch(): void;
  /** Nothing of it runs any more. */
  over(): void;
}

/** Finds a port for a service; undefined: the attempt is none. Throws `SCANFLOW_PORT_TAKEN`. */
export async function openService(frame: Frame): Promise<ProcessService | undefined> {
  const { attempt, workshop, log } = frame;
  const { service, task } = attempt.spec;
  if (!service) return undefined;
  const { health, replicas } = service;
  const host = "127.0.0.1";
  const port = await workshop.ports.take(service.port, task);
  const url = `http://${host}:${port}`;
  const end = new AbortController();
  if (replicas > 1) {
    log.note(`1 of ${replicas} replicas runs: the processes of one machine cannot share a port`);
  }
  const watch = async () => {
    const note = (answer: string) => log.note(`cannot be asked at ${url} yet: ${answer}`);
    if (await awaitService({ host, port, health, signal: end.signal, note })) attempt.ready(url);
  };
  return {
    host,
    port,
    watch: () => void watch(),
    over() {
      end.abort();
      workshop.ports.give(port);
    },
  };
}
