import { setTimeout as pause } from "node:timers/promises";
import type { WebhookOptions } from "../webhooks/dispatcher.ts";
import { type Address, isLoopback, listenOn } from "./address.ts";
import { closeApplication, makeApplication } from "./application.ts";
import { TrackingServerError } from "./errors.ts";
import { artifactsPlace, openRooms } from "./open-rooms.ts";
import { newRecordToken, recordFile, removeServerRecord, writeServerRecord } from "./server-record.ts";
import { lockStore } from "./store-lock.ts";
import { parseStore } from "./store-place.ts";

export interface TrackingServerOptions extends Partial<Address> {
  /** `sqlite:///FILE`, made if it is not there, or `postgresql://…`. */
  readonly store: string;
  /** A folder, made if it is not there, or `s3://BUCKET/PREFIX`. */
  readonly artifacts: string;
  /**
   * Names that requests may be sent to, beside those of this machine; `*` is any, which is the default when it listens
   * for others. On 127.0.0.1 there are none: that keeps out web pages whose name was pointed at this machine.
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /**
   * Listens for others although the database has no users: only where the network keeps out who may not do everything,
   * such as the network of a Compose project. Requests may then be sent to this machine's names and `allowedHosts` only.
   */
  readonly trustNetwork?: boolean;
  /** What relative places are relative to; default: the working folder. */
  readonly folder?: string;
  /** How long `close` waits for answers under way, in milliseconds; default 10,000. */
  readonly patienceMs?: number;
  /**
   * How long `close` goes on answering everything, in milliseconds, while `/ready` already says no: so long as those
   * who send requests here take to notice. Default 0.
   */
  readonly drainMs?: number;
  /** How far webhooks may lead, and how long they are tried. */
  readonly webhooks?: WebhookOptions;
}

export interface TrackingServer {
  /** What clients take as their tracking URI. */
  readonly url: string;
  /** Where the runs lie. */
  readonly store: string;
  /** Where the files lie. */
  readonly artifacts: string;
  /** Whether the database had users at the start. From the first user on each request needs a token of one. */
  readonly users: boolean;
  /** Lets what is under way end, then closes the store. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the tracker as a server of its own: the MLflow-compatible API with `/health`, `/version`, `/ready` and, for
 * Prometheus, `/metrics`. It listens on 127.0.0.1 and port 5000 unless told otherwise; elsewhere only with users.
 *
 * Errors: SCANFLOW_LISTEN_PORT, _HOST and _EXPOSED; SCANFLOW_LOCATION_INVALID; SCANFLOW_STORE_IN_USE and those of
 * `openStore` and `openContentStore`. Nothing stays open or locked after one.
 *
 * ```ts
 * import { openTrackingServer } from "@scanflow/tracking/server";
 *
 * const server = await openTrackingServer({ store: "sqlite:///tracker.db", artifacts: "artifacts", port: 0 });
 * const health = await fetch(`${server.url}/health`);
 * await server.close();
 * ```
 */
export async function openTrackingServer(options: TrackingServerOptions): Promise<TrackingServer> {
  const { host = "127.0.0.1", port = 5000, folder = ".", patienceMs = 10_000, drainMs = 0 } = options;
  const { trustNetwork = false } = options;
  const hosts = options.allowedHosts ?? (isLoopback(host) || trustNetwork ? [] : ["*"]);
  const place = parseStore(options.store, folder);
  const artifacts = artifactsPlace(options.artifacts, folder);
  const opened: (() => void | Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const lock = lockStore(place);
    opened.push(() => lock.release());
    const rooms = await openRooms(place.location, artifacts, options.webhooks);
    opened.push(() => rooms.store.close());
    opened.push(() => rooms.artifacts.close());
    opened.push(() => rooms.glance.close());
    const users = await rooms.firstUser.came();
    if (!users && !trustNetwork && !isLoopback(host)) refuseExposed(host);
    const localToken = newRecordToken();
    let stops = false;
    const app = await makeApplication(rooms, { hosts, localToken, stops: () => stops });
    opened.push(() => closeApplication(app, patienceMs));
    const url = await listenOn(app, { host, port });
    if (place.isFile) {
      const file = recordFile(place.location);
      writeServerRecord(file, { pid: process.pid, url: reachable(url), token: localToken });
      opened.push(() => removeServerRecord(file));
    }
    let closing: Promise<void> | undefined;
    const close = () => {
      stops = true;
      closing ??= drainMs > 0 ? pause(drainMs).then(closeAll) : closeAll();
      return closing;
    };
    return { url, store: place.shown, artifacts, users, close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Where a program of this machine asks a server that listens on all addresses. */
function reachable(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

function refuseExposed(host: string): void {
  throw new TrackingServerError(
    "SCANFLOW_LISTEN_EXPOSED",
    `On "${host}" everyone who reaches this machine could read and change everything, since the database has no users. Make one with "scanflow user NAME --role admin" and the same --store, or leave --host away to listen on 127.0.0.1.`,
  );
}
