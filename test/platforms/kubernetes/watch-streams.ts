import type { ServerResponse } from "node:http";
import { meets } from "./label-selector.ts";
import { COLLECTIONS, type Collection, type ObjectStore, type StoreEvent } from "./object-store.ts";
import { Refusal, statusOf } from "./refusal.ts";

/** What may go wrong on the way from the server to who watches. */
export interface WatchFaults {
  /** Events as they are sent: twice, in another order, … Default: as they are. */
  disturb?: (events: readonly StoreEvent[]) => readonly StoreEvent[];
  /** The stream is open and nothing comes. */
  mute?: boolean;
  /** The stream ends as soon as it has begun. */
  ends?: boolean;
}

interface Watched {
  readonly collection: Collection;
  readonly namespace: string;
  readonly query: URLSearchParams;
}

/** The open watches of a server. */
export class WatchStreams {
  readonly #store: ObjectStore;
  readonly #open = new Map<ServerResponse, () => void>();
  faults: WatchFaults;

  constructor(store: ObjectStore, faults: WatchFaults) {
    this.#store = store;
    this.faults = faults;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Breaks all streams off in the middle of a line. */
  cut(): void {
    for (const response of [...this.#open.keys()]) {
      response.write('{"type":"MODIFIED","object":{"kind"');
      response.destroy();
    }
  }

  /** Ends all streams as the server does when their time is over. */
  end(): void {
    for (const response of [...this.#open.keys()]) response.end();
  }

  /** Tells in all streams that the versions they started from are forgotten. */
  expire(): void {
    this.#store.compact();
    for (const response of [...this.#open.keys()]) response.end(line({ type: "ERROR", object: expired() }));
  }

  bookmark(): void {
    for (const tell of this.#open.values()) tell();
  }

  open({ collection, namespace, query }: Watched, response: ServerResponse): void {
    const from = Number(query.get("resourceVersion") ?? 0);
    response.writeHead(200, { "content-type": "application/json" });
    // The head is out before the version is looked at, so the refusal comes in the stream.
    if (from < this.#store.compacted) {
      response.end(line({ type: "ERROR", object: expired() }));
      return;
    }
    const wanted = (event: StoreEvent) =>
      event.collection === collection &&
      event.object.metadata.namespace === namespace &&
      meets(event.object.metadata.labels, query.get("labelSelector"));
    const send = (events: readonly StoreEvent[]) => {
      if (this.faults.mute || response.writableEnded) return;
      const sent = this.faults.disturb?.(events) ?? events;
      for (const { type, object } of sent) response.write(line({ type, object }));
    };
    response.flushHeaders();
    send(this.#store.since(from).filter(wanted));
    if (this.faults.ends) {
      response.end();
      return;
    }
    const forget = this.#store.listen((event) => {
      if (wanted(event)) send([event]);
    });
    const seconds = Number(query.get("timeoutSeconds") ?? 0);
    const timer = seconds > 0 ? setTimeout(() => response.end(), seconds * 1000) : undefined;
    this.#open.set(response, () => {
      if (query.get("allowWatchBookmarks") !== "true") return;
      const metadata = { resourceVersion: String(this.#store.version), creationTimestamp: null };
      response.write(line({ type: "BOOKMARK", object: { ...COLLECTIONS[collection], metadata } }));
    });
    response.on("close", () => {
      clearTimeout(timer);
      forget();
      this.#open.delete(response);
    });
  }
}

function expired(): Record<string, unknown> {
  return statusOf(new Refusal(410, "Expired", "too old resource version"));
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
