import { once } from "node:events";
import { createServer } from "node:net";
import { ScanflowError } from "@scanflow/core";
import { systemCode } from "../system-code.ts";

/** The ports of this machine's loopback address that services of a runner listen on. */
export class Ports {
  readonly #taken = new Set<number>();

  /**
   * A port for a service: the one that it asks for, or a free one. Give it back with `give`. Throws
   * `SCANFLOW_PORT_TAKEN` when something listens on it already.
   */
  async take(wanted: number | null, task: string): Promise<number> {
    if (wanted === null) return this.#takeFree();
    if (this.#taken.has(wanted) || !(await isFree(wanted))) throw takenError(wanted, task);
    this.#taken.add(wanted);
    return wanted;
  }

  give(port: number): void {
    this.#taken.delete(port);
  }

  /** Nothing listens on it when it is handed out; what listens a moment later is seen by the service. */
  async #takeFree(): Promise<number> {
    for (;;) {
      const port = await listenOnce(0);
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      return port;
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if (systemCode(error) === "EADDRINUSE") return false;
    throw error;
  }
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : port;
}

function takenError(port: number, task: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_PORT_TAKEN",
    `Service "${task}" is to listen on port ${port}, and something else does. End that, or leave the service's port out: then it gets a free one in SCANFLOW_PORT.`,
  );
}
