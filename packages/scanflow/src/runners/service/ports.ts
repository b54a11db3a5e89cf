import { once } from "node:events";
import { createServer } from "node:net";
import { type Plan, ScanflowError } from "@scanflow/core";
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
    await this.look(wanted, task);
    this.#taken.add(wanted);
    return wanted;
  }

  /** Throws `SCANFLOW_PORT_TAKEN` when something listens on the port. */
  async look(port: number, task: string): Promise<void> {
    if (this.#taken.has(port) || !(await isFree(port))) throw takenError(port, task);
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

/** Looks whether the ports are free that services of a plan ask for and that are sure to be needed. */
export async function refuseTakenPorts({ tasks }: Plan, ports: Ports): Promise<void> {
  for (const task of tasks) {
    if (!("service" in task) || task.when !== null || task.guards.length > 0) continue;
    if (task.service?.port) await ports.look(task.service.port, task.id);
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
