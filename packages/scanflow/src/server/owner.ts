import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Capacity, Device } from "@scanflow/core";
import { openTracking, trackingMigrations } from "@scanflow/tracking";
import { openStore } from "@scanflow/tracking/store";
import type { Client } from "../api/index.ts";
import { catalogMigrations } from "../catalog/index.ts";
import {
  applicationState,
  clusterCapacity,
  Engine,
  type EngineOptions,
  engineMigrations,
  hasEnded,
  type OwnerLock,
  readDevice,
  wholeDevice,
} from "../engine/index.ts";
import { openDelivery } from "../lineage/index.ts";
import { ownVersion } from "../own-version.ts";
import { writeWhole } from "../write-whole.ts";
import { type Exposure, Front } from "./front.ts";
import { ownerHandlers } from "./handlers.ts";
import { Hands } from "./hands.ts";
import { LineFeed } from "./line-feed.ts";
import { localClient } from "./local-client.ts";
import { openArtifacts } from "./open-artifacts.ts";
import { removeOwnerFile, writeOwnerFile } from "./owner-file.ts";
import { RemoteTrackers } from "./remote-trackers.ts";
import type { OwnerRooms } from "./rooms.ts";
import { runnerOf } from "./runner-of.ts";
import { Trackers } from "./trackers.ts";

export interface OwnerOptions {
  /** Whether others reach it at once. Without it, it listens when the first run becomes active. */
  readonly listen: boolean;
  readonly port?: number;
  /** Listens for others, too: whoever reaches it may do everything with its tracker, and with the token all else. */
  readonly exposed?: Exposure;
  readonly device?: Partial<Device>;
  readonly capacity?: Partial<Capacity>;
  /** Where tasks run, such as `docker`; by default what SCANFLOW_ON says, else `process`. */
  readonly on?: string;
  /** What options say in place of variables of the environment that runners read. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where OpenLineage events go: a URL or the path of a file; by default what OPENLINEAGE_URL says. */
  readonly openLineage?: string | undefined;
  /** Told what somebody should know who watches the process: a code and a sentence. */
  readonly warn?: (code: string, text: string) => void;
  /** Called at named points of the engine's work, for tests that end the process there. */
  readonly probe?: EngineOptions["probe"];
}

/** The one process that works in a state folder. */
export interface Owner {
  readonly rooms: OwnerRooms;
  readonly client: Client;
  /** Whether a run is under way. */
  readonly busy: boolean;
  /** Resolves when no run is under way: all have ended or wait for a person. */
  idle(): Promise<void>;
  /** Ends what runs (it can be resumed) and gives the folder back. */
  close(): Promise<void>;
}

/** Opens a folder that this process holds the lock of. The lock is given back by `close`, or when opening fails. */
export async function openOwner(root: string, lock: OwnerLock, options: OwnerOptions): Promise<Owner> {
  const undo: (() => unknown)[] = [() => lock.release()];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await assemble(root, options, undo, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  root: string,
  {
    listen,
    port = 0,
    exposed,
    device: named = {},
    capacity: given = {},
    on,
    variables = {},
    openLineage,
    warn = () => {},
    probe,
  }: OwnerOptions,
  undo: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Owner> {
  const folder = applicationState(root);
  const token = process.env.SCANFLOW_SERVER_TOKEN || randomBytes(32).toString("base64url");
  await keepOutOfGit(folder.path);
  const announce = (url: string | null) => writeOwnerFile(folder.server, { pid: process.pid, url, token });
  announce(null);
  undo.push(() => removeOwnerFile(folder.server));
  const store = await openStore<unknown>({
    location: folder.database,
    migrations: [...engineMigrations, ...catalogMigrations, ...trackingMigrations],
  });
  undo.push(() => store.close());
  const artifacts = await openArtifacts(folder.artifacts, process.env);
  undo.push(() => artifacts.close());
  const embedded = await openTracking({ store, artifacts });
  const remote = new RemoteTrackers(folder.trackers, process.env);
  const front = new Front({ embedded, token, port, exposed, announce });
  undo.push(() => front.close());
  const trackers = new Trackers({ folder, artifacts, embedded, address: () => front.listen(), remote });
  undo.push(() => trackers.end());
  const device = { ...readDevice(), ...named };
  // Asked once a run begins.
  const mayGoOn = async (run: string) => {
    const known = await engine.journal.run(run).catch(() => undefined);
    return known !== undefined && !hasEnded(known.status);
  };
  const env = { ...process.env, ...variables };
  const runner = await runnerOf(on, { folder, artifacts, env, mayGoOn });
  const engine: Engine = await Engine.open({
    folder,
    store,
    artifacts,
    runner,
    trackers,
    device,
    capacity: { ...(runner.elsewhere ? clusterCapacity : wholeDevice(device)), ...given },
    onLine: (line) => feed.push(line),
    ...(probe ? { probe } : {}),
  });
  const notice = (text: string) => warn("SCANFLOW_OPENLINEAGE_FAILED", text);
  const told = { engine, artifacts, root, given: openLineage, env: process.env, version: ownVersion };
  // A command that only looks starts no run, and needs no receiver.
  const delivery = listen ? await openDelivery({ ...told, notice }) : null;
  undo.push(() => delivery?.close());
  const feed = new LineFeed({ seq: () => engine.journal.last });
  const closing = new AbortController();
  const hands = new Hands(closing.signal);
  undo.push(async () => {
    closing.abort();
    await hands.taken();
    await engine.close();
  });
  const rooms: OwnerRooms = {
    ...{ folder, store, artifacts, engine, trackers, feed },
    taking: (work) => hands.taking(work),
    hold: (run) => {
      hands.hold(run.rest());
      delivery?.follow(run);
    },
    attend: (heard) => hands.attend(heard),
    url: () => front.url,
    closing: closing.signal,
  };
  const handlers = ownerHandlers(rooms);
  front.serve(handlers);
  if (listen) await front.listen();
  return {
    rooms,
    client: localClient(handlers),
    get busy() {
      return hands.busy;
    },
    idle: () => hands.idle(),
    close,
  };
}

/** The state is the machine's own; a repository has no use for it. */
async function keepOutOfGit(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const file = join(path, ".gitignore");
  if (!existsSync(file)) writeWhole(file, "*\n");
}
