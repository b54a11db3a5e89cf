import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { TrackingServerError } from "./errors.ts";

export interface Address {
  /** A name or an address of this machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Names and addresses that only programs of this machine reach. */
const loopback = /^(127(\.\d{1,3}){3}|localhost|::1)$/i;

export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/** Begins to listen and gives the URL. Errors: SCANFLOW_LISTEN_PORT, SCANFLOW_LISTEN_HOST. */
export async function listenOn(app: FastifyInstance, { host, port }: Address): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explain(error, { host, port });
  }
  const bound = app.server.address() as AddressInfo;
  const named = host.includes(":") ? `[${host}]` : host;
  return `http://${named}:${bound.port}`;
}

function explain(error: unknown, { host, port }: Address): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const refused = (which: "PORT" | "HOST", message: string) =>
    new TrackingServerError(`SCANFLOW_LISTEN_${which}`, message, { cause: error });
  if (code === "EADDRINUSE") {
    return refused(
      "PORT",
      `Port ${port} of ${host} is taken. Choose another with --port; 0 takes a free one.`,
    );
  }
  if (code === "EACCES") {
    return refused("PORT", `Port ${port} is not open to this user. Choose one from 1024 on with --port.`);
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return refused(
      "HOST",
      `This machine has no address "${host}". Leave --host away to listen on 127.0.0.1.`,
    );
  }
  return error;
}
