import { ScanflowError } from "@scanflow/core";
import { type Tracking, trackingRoutes } from "@scanflow/tracking";
import { apiRoutes } from "./api-routes.ts";
import type { Handlers } from "./handlers.ts";
import { type Listening, listen, loopbackServer } from "./listen.ts";

export interface FrontOptions {
  readonly embedded: Tracking;
  readonly token: string;
  /** 0: a free one. */
  readonly port: number;
  /** An address for others than programs of this machine, and the names that they call it by. */
  readonly exposed?: Exposure | undefined;
  /** Told where it listens. */
  readonly announce: (url: string) => void;
}

export interface Exposure {
  readonly host: string;
  readonly allowedHosts: readonly string[];
}

/** The owner's HTTP server: the MLflow REST API at `/`, the owner's own at `/api`. Made when it is first needed. */
export class Front {
  readonly #options: FrontOptions;
  #handlers: Handlers | null = null;
  #listening: Promise<Listening> | null = null;
  #url: string | null = null;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  get url(): string | null {
    return this.#url;
  }

  /** Says what answers the API; before the first `listen`. */
  serve(handlers: Handlers): void {
    this.#handlers = handlers;
  }

  /** Begins to listen, once; gives the URL. */
  async listen(): Promise<string> {
    this.#listening ??= this.#open();
    return (await this.#listening).url;
  }

  async close(): Promise<void> {
    await (await this.#listening)?.close();
  }

  async #open(): Promise<Listening> {
    const { embedded, token, port, announce, exposed } = this.#options;
    const handlers = this.#handlers;
    if (!handlers) throw new Error("the owner listens before it can answer");
    const app = await loopbackServer(exposed?.allowedHosts);
    await app.register(trackingRoutes(embedded));
    await app.register(apiRoutes, { prefix: "/api", handlers, token });
    const listening = await listen(app, port, exposed?.host).catch((cause: unknown) => {
      throw listenError(port, exposed, cause);
    });
    this.#url = listening.url;
    announce(listening.url);
    return listening;
  }
}

function listenError(port: number, exposed: Exposure | undefined, cause: unknown): unknown {
  const code = systemCode(cause);
  const host = exposed?.host ?? "127.0.0.1";
  if (code === "EADDRINUSE" || code === "EACCES") {
    return new ScanflowError(
      "SCANFLOW_SERVER_PORT",
      `The server cannot listen on port ${port} of ${host} (${code}). End what uses it, or give another with --port.`,
      { cause },
    );
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new ScanflowError(
      "SCANFLOW_SERVER_HOST",
      `The server cannot listen on ${host} (${code}). Give --host an address of this machine, or leave it away for 127.0.0.1.`,
      { cause },
    );
  }
  return cause;
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
