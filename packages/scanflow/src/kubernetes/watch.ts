import { setTimeout as pause } from "node:timers/promises";
import { ScanflowError } from "@scanflow/core";
import * as z from "zod";
import { isPassing, isStatus, statusError } from "./api-error.ts";
import type { Connection } from "./connection.ts";
import { jsonLines } from "./lines.ts";
import { type KubeObject, listSchema, watchEventSchema } from "./object.ts";

export interface WatchOptions<Item extends KubeObject> {
  /** Of the collection, such as `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  readonly labelSelector: string;
  /** Reads an object; what it throws ends the watch. */
  readonly parse: (object: unknown) => Item;
  readonly signal: AbortSignal;
  /**
   * Told of every object as it is, and with `gone` of one that is there no more, as it was. The same state may be told
   * again, a state between two others may be left out, an older one is never told after a newer one.
   */
  readonly changed: (item: Item, gone: boolean) => void;
  /** All that there is has been told once. */
  readonly synced: () => void;
  /** The server could not be reached or broke off for the first time since it last answered; the watch goes on. */
  readonly troubled?: (error: unknown) => void;
  /** How long the server may keep one stream open. */
  readonly streamMs?: number;
  /** First wait after trouble, doubled up to `mostMs`; and the least time from one stream to the next. */
  readonly pauseMs?: number;
  readonly mostMs?: number;
}

/** Bookmarks come about once a minute, so a stream that is silent for longer than its own end is broken. */
const beyondEndMs = 30_000;
const pageSize = 500;

/**
 * Follows the objects of a collection until the signal is aborted: a list, then a watch from there; from the last known
 * version after a stream ends, with a new list when the server no longer knows that version (410). What a new list does
 * not have is gone. Rejects for what does not pass by itself (no rights, no namespace).
 *
 * Source: Kubernetes API concepts, "Efficient detection of changes".
 */
export async function watch<Item extends KubeObject>(
  connection: Connection,
  options: WatchOptions<Item>,
): Promise<void> {
  const { signal, pauseMs = 500, mostMs = 30_000 } = options;
  const follower = new Follower(connection, options);
  let wait = pauseMs;
  let isTroubled = false;
  while (!signal.aborted) {
    const begun = performance.now();
    try {
      await follower.goOn(() => {
        wait = pauseMs;
        isTroubled = false;
      });
    } catch (error) {
      if (signal.aborted) return;
      if (isStatus(error, 410)) follower.forgetVersion();
      else {
        if (!isPassing(error)) throw error;
        if (!isTroubled) options.troubled?.(error);
        isTroubled = true;
        const asked = isStatus(error, 429, 503) ? (error.retryAfterMs ?? 0) : 0;
        await pause(Math.max(asked, wait), undefined, { signal }).catch(() => undefined);
        wait = Math.min(wait * 2, mostMs);
        continue;
      }
    }
    // Who ends its streams at once, or forgets versions as soon as it gives them, is not asked in a loop.
    const left = pauseMs - (performance.now() - begun);
    if (left > 0) await pause(left, undefined, { signal }).catch(() => undefined);
  }
}

class Follower<Item extends KubeObject> {
  readonly #connection: Connection;
  readonly #options: WatchOptions<Item>;
  /** By uid: of a name that was used again, the old object and the new one are two. */
  #known = new Map<string, Item>();
  /** Uids of what went since the last list. */
  #gone = new Set<string>();
  /** The version of the last list, and the newest one seen. */
  #listed: string | undefined;
  #version: string | undefined;

  constructor(connection: Connection, options: WatchOptions<Item>) {
    this.#connection = connection;
    this.#options = options;
  }

  forgetVersion(): void {
    this.#version = undefined;
  }

  /** One stream, after a list where one is needed. */
  async goOn(answered: () => void): Promise<void> {
    if (this.#version === undefined) {
      await this.#list();
      answered();
    }
    const { path, labelSelector, signal, streamMs = 240_000 } = this.#options;
    const answer = await this.#connection.send({
      method: "GET",
      path,
      query: {
        watch: true,
        labelSelector,
        resourceVersion: this.#version,
        allowWatchBookmarks: true,
        timeoutSeconds: Math.ceil(streamMs / 1000),
      },
      signal,
      idleMs: streamMs + beyondEndMs,
    });
    answered();
    try {
      for await (const line of jsonLines(answer)) this.#take(line);
    } catch (error) {
      if (error instanceof ScanflowError || error instanceof z.ZodError) throw error;
      throw new ScanflowError(
        "SCANFLOW_KUBERNETES_UNREACHABLE",
        `The stream of changes broke off (${error instanceof Error ? error.message : String(error)}). It is opened again.`,
        { cause: error },
      );
    }
  }

  async #list(): Promise<void> {
    const { path, labelSelector, signal, parse, changed, synced } = this.#options;
    const found = new Map<string, Item>();
    let version = "";
    let next: string | undefined;
    do {
      const answer = await this.#connection.text({
        method: "GET",
        path,
        query: { labelSelector, limit: pageSize, continue: next },
        signal,
      });
      const page = listSchema.parse(JSON.parse(answer));
      for (const object of page.items ?? []) {
        const item = parse(object);
        found.set(item.metadata.uid, item);
      }
      version = page.metadata.resourceVersion;
      next = page.metadata.continue || undefined;
    } while (next !== undefined);
    const before = this.#known;
    this.#known = found;
    this.#gone.clear();
    this.#listed = version;
    this.#version = version;
    for (const [uid, item] of before) if (!found.has(uid)) changed(item, true);
    for (const item of found.values()) changed(item, false);
    synced();
  }

  #take(line: unknown): void {
    const event = watchEventSchema.parse(line);
    if (event.type === "ERROR") throw this.#refusal(event.object);
    if (event.type === "BOOKMARK") {
      this.#version = event.object.metadata.resourceVersion;
      return;
    }
    const item = this.#options.parse(event.object);
    const { uid, resourceVersion } = item.metadata;
    if (!isOlder(resourceVersion, this.#version)) this.#version = resourceVersion;
    const before = this.#known.get(uid)?.metadata.resourceVersion ?? this.#listed;
    if (this.#gone.has(uid) || isOlder(resourceVersion, before)) return;
    if (event.type === "DELETED") {
      this.#known.delete(uid);
      this.#gone.add(uid);
    } else this.#known.set(uid, item);
    this.#options.changed(item, event.type === "DELETED");
  }

  /** A Status in the stream stands for the answer's own, which was sent before it was known. */
  #refusal(object: { readonly code?: number | undefined }): unknown {
    return statusError({
      status: object.code ?? 500,
      text: JSON.stringify({ kind: "Status", ...object }),
      request: { method: "GET", path: this.#options.path },
      access: this.#connection.access,
      retryAfter: undefined,
    });
  }
}

/**
 * Versions are texts that only the server understands, but since Kubernetes 1.35 they are promised to be numbers that
 * grow, as they always were. Where they are not, nothing counts as older.
 */
function isOlder(version: string, than: string | undefined): boolean {
  if (than === undefined || !/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  return BigInt(version) <= BigInt(than);
}
