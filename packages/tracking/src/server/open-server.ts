import { resolve } from "node:path";
import { openStore, type SqlStore } from "../store/index.ts";
import { type Address, isLoopback, listenOn } from "./address.ts";
import { closeApplication, makeApplication, type Rooms } from "./application.ts";
import { TrackingServerError } from "./errors.ts";
import { lockStore } from "./store-lock.ts";
import { parseStore } from "./store-place.ts";

export interface TrackingServerOptions extends Partial<Address> {
  /** `sqlite:///FILE`; made if it is not there. */
  readonly store: string;
  /** The folder of the artifacts; made if it is not there. */
  readonly artifacts: string;
  /** What relative places are relative to; default: the working folder. */
  readonly folder?: string;
  /** How long `close` waits for answers under way, in milliseconds; default 10,000. */
  readonly patienceMs?: number;
}

export interface TrackingServer {
  /** What clients take as their tracking URI. */
  readonly url: string;
  /** Where the runs lie. */
  readonly store: string;
  /** Where the files lie. */
  readonly artifacts: string;
  /** Lets what is under way end, then closes the store. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts the tracker as a server of its own: the MLflow-compatible API with `/health`, `/version`, `/ready` and, for
 * Prometheus, `/metrics`. It listens on 127.0.0.1 and port 5000 unless told otherwise.
 *
 * Errors: SCANFLOW_LISTEN_PORT, _HOST and _EXPOSED; SCANFLOW_LOCATION_INVALID; SCANFLOW_STORE_IN_USE and those of
 * `openStore`; SCANFLOW_STORAGE_DENIED and _FULL. Nothing stays open or locked after one.
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
  const { host = "127.0.0.1", port = 5000, folder = ".", patienceMs = 10_000 } = options;
  refuseExposed(host);
  const place = parseStore(options.store, folder);
  const root = resolve(folder, options.artifacts);
  const opened: (() => void | Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const lock = lockStore(place);
    opened.push(() => lock.release());
    const rooms = await openRooms(place.file, root);
    opened.push(() => rooms.store.close());
    const app = await makeApplication(rooms);
    opened.push(() => closeApplication(app, patienceMs));
    const url = await listenOn(app, { host, port });
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= closeAll();
      return closing;
    };
    return { url, store: place.file, artifacts: root, close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Opens the database and the artifacts; what is loaded while the database's threads start costs no time. */
async function openRooms(file: string, root: string): Promise<Rooms> {
  const { trackingMigrations } = await import("../schema/tracking-tables.ts");
  const opening = openStore<unknown>({ location: file, migrations: trackingMigrations });
  const loading = Promise.all([
    import("../tracking.ts"),
    import("../artifacts/index.ts"),
    import("./server-metrics.ts"),
    import("./application.ts"),
  ]);
  const store = await opening;
  try {
    const [{ openTracking }, { openArtifactStore }, { openServerMetrics }] = await loading;
    const tracking = await openTracking({ store, artifacts: await openArtifactStore({ root }) });
    const metrics = openServerMetrics({ storeQueue: () => store.waiting, runs: () => countRuns(store) });
    return { tracking, store, metrics };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function countRuns(store: SqlStore): Promise<ReadonlyMap<string, number>> {
  const rows = await store.read<{ lifecycle: string; runs: number }>(
    "SELECT lifecycle, COUNT(*) AS runs FROM tracking_runs GROUP BY lifecycle",
  );
  return new Map(rows.map(({ lifecycle, runs }) => [lifecycle, runs]));
}

function refuseExposed(host: string): void {
  if (isLoopback(host)) return;
  throw new TrackingServerError(
    "SCANFLOW_LISTEN_EXPOSED",
    `On "${host}" everyone who reaches this machine could read and change everything. Leave --host away to listen on 127.0.0.1, and put a proxy that asks for a password in front of it.`,
  );
}
