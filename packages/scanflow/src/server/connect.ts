import { setTimeout as pause } from "node:timers/promises";
import { ScanflowError } from "@scanflow/core";
import { type Client, httpClient } from "../api/index.ts";
import { applicationState, takeLock } from "../engine/index.ts";
import { type Owner, type OwnerOptions, openOwner } from "./owner.ts";
import { type OwnerRecord, readOwnerFile } from "./owner-file.ts";

export interface Connection {
  readonly client: Client;
  /** This process, when it is the owner; null: another one is. */
  readonly owner: Owner | null;
  /** Process id of the owner. */
  readonly pid: number;
  /** Ends the connection, and what runs here if this process is the owner. */
  close(): Promise<void>;
}

export interface ConnectOptions extends OwnerOptions {
  /** How long to wait for an owner that does not answer. */
  readonly patienceMs?: number;
}

const lookEveryMs = 50;

/**
 * Reaches the owner of an application's folder, or becomes it when there is none.
 * Errors: SCANFLOW_OWNER_UNREACHABLE, SCANFLOW_OWNER_OPTIONS, SCANFLOW_FOLDER_DENIED, and those of opening the store.
 */
export async function connect(root: string, options: ConnectOptions): Promise<Connection> {
  const { patienceMs = 10_000 } = options;
  const folder = applicationState(root);
  const deadline = performance.now() + patienceMs;
  let failure: unknown;
  for (;;) {
    const lock = takeLock(folder.lock);
    if (lock) {
      const owner = await openOwner(root, lock, options);
      return { client: owner.client, owner, pid: process.pid, close: () => owner.close() };
    }
    const record = readOwnerFile(folder.server);
    if (record && record.url !== null) {
      try {
        const client = httpClient({ url: record.url, token: record.token });
        await client.health.show({}, { signal: AbortSignal.timeout(Math.max(1000, patienceMs / 2)) });
        refuseOptions(options, record);
        return { client, owner: null, pid: record.pid, close: async () => {} };
      } catch (error) {
        if (error instanceof ScanflowError && error.code === "SCANFLOW_OWNER_OPTIONS") throw error;
        failure = error;
      }
    }
    if (performance.now() > deadline) throw unreachable(folder.path, record, failure);
    await pause(lookEveryMs);
  }
}

function refuseOptions(
  { device, capacity, openLineage, on, variables }: OwnerOptions,
  { pid }: OwnerRecord,
): void {
  if ([device, capacity, openLineage, on, variables].every((option) => option === undefined)) return;
  throw new ScanflowError(
    "SCANFLOW_OWNER_OPTIONS",
    `Process ${pid} owns this folder and has set its device, cpus, openlineage and on already. Leave --device, --cpus, --openlineage, --on and what belongs to --on out, or wait until it has ended.`,
  );
}

function unreachable(path: string, record: OwnerRecord | null, cause: unknown): ScanflowError {
  const who = record ? `Process ${record.pid}` : "Another process";
  const what =
    record && record.url === null
      ? "works in it and takes no requests; wait until it has ended"
      : `holds it and does not answer; wait until it has ended, or end it${record ? ` ("kill ${record.pid}")` : ""}`;
  return new ScanflowError(
    "SCANFLOW_OWNER_UNREACHABLE",
    `The folder ${path} is in use. ${who} ${what}, then try again. Nothing in it is lost.`,
    { cause },
  );
}
