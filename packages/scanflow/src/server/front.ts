import { type Tracking, trackingRoutes } from "@scanflow/tracking";
import { apiRoutes } from "./api-routes.ts";
import type { Handlers } from "./handlers.ts";
import { type Listening, listen, loopbackServer } from "./listen.ts";

export interface FrontOptions {
  readonly embedded: Tracking;
  readonly token: string;
  /** 0: a free one. */
  readonly port: number;
  /** Told where it listens. */
  readonly announce: (url: string) => void;
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
    const { embedded, token, port, announce } = this.#options;
    const handlers = this.#handlers;
    if (!handlers) throw new Error("the owner listens before it can answer");
    const app = await loopbackServer();
    await app.register(trackingRoutes(embedded));
    await app.register(apiRoutes, { prefix: "/api", handlers, token });
    const listening = await listen(app, port);
    this.#url = listening.url;
    announce(listening.url);
    return listening;
  }
}
