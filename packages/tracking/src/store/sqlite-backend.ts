import { resolve } from "node:path";
import { TrackingError } from "../errors.ts";
import { startWorker } from "../worker/index.ts";
import type { Backend } from "./backend.ts";
import type { DirectWriter } from "./direct-writer.ts";
import { Link } from "./link.ts";
import { packRows } from "./packed-rows.ts";
import type { Migration, Statement } from "./statement.ts";
import type { WireOutcome, WireQuery, WireRows, WireStatement, WorkerSetup } from "./wire.ts";

export interface SqliteSetup {
  readonly location: string;
  readonly migrations: readonly Migration[];
  readonly readers: number;
  readonly durability: "process" | "power";
  readonly busyTimeoutMs: number;
  readonly cacheBytes: number;
  readonly mapBytes: number;
  readonly direct: boolean;
}

/** Opens the file, or memory, in threads: the first writes, the others read. */
export async function openSqlite({ readers, direct, ...options }: SqliteSetup): Promise<Backend> {
  const inMemory = options.location === ":memory:";
  const location = inMemory ? options.location : resolve(options.location);
  const setup = { ...options, location };
  const writer = await openLink({ ...setup, role: "writer" });
  const opening = Array.from({ length: inMemory ? 0 : readers }, () =>
    openLink({ ...setup, migrations: [], role: "reader" }),
  );
  const opened = await Promise.allSettled(opening);
  const links = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opened.find((one) => one.status === "rejected");
  if (failed) {
    await Promise.all([...links, writer].map((link) => link.close()));
    throw failed.reason;
  }
  const isDirect = direct && !inMemory && options.durability === "process";
  const small = isDirect ? await openDirect({ ...setup, role: "writer" }, writer) : undefined;
  return new SqliteBackend(location, { writer, small }, links);
}

/** Without it, which needs the file to itself for a moment, all goes through the other thread. */
async function openDirect(setup: WorkerSetup, writer: Link): Promise<DirectWriter | undefined> {
  const { DirectWriter } = await import("./direct-writer.ts");
  try {
    return new DirectWriter(setup, () => writer.call({ kind: "checkpoint" }));
  } catch {
    return undefined;
  }
}

/** Rows pass through quickly: a small young generation keeps the thread's memory small at the same speed. */
const YOUNG_MB = 8;

async function openLink(setup: WorkerSetup): Promise<Link> {
  const worker = startWorker("./store-worker", import.meta.url, {
    data: setup,
    name: `store-${setup.role}`,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const link = new Link(worker);
  try {
    await link.ready();
    return link;
  } catch (cause) {
    await worker.terminate();
    if (!(cause instanceof TrackingError)) throw cause;
    throw new TrackingError(cause.code, `${setup.location}: ${cause.message}`, { cause });
  }
}

function toWire(statement: Statement): WireStatement {
  const packed = statement.rows && packRows(statement.rows);
  if (!packed) return statement;
  const { rows: _, ...rest } = statement;
  return { ...rest, packed };
}

class SqliteBackend implements Backend {
  readonly name: string;
  readonly shared = false;
  /** Two keep the writer busy while the next one gathers. */
  readonly groupsUnderWay = 2;
  readonly #writer: Link;
  readonly #small: DirectWriter | undefined;
  readonly #readers: readonly Link[];
  #groups = 0;

  constructor(
    name: string,
    { writer, small }: { readonly writer: Link; readonly small: DirectWriter | undefined },
    readers: readonly Link[],
  ) {
    this.name = name;
    this.#writer = writer;
    this.#small = small;
    this.#readers = readers;
  }

  async write(units: readonly (readonly Statement[])[]): Promise<WireOutcome[]> {
    const written = this.#groups === 0 ? this.#small?.write(units) : undefined;
    if (written) return written;
    this.#groups++;
    try {
      return await this.#writer.call({ kind: "write", units: units.map((unit) => unit.map(toWire)) });
    } finally {
      this.#groups--;
    }
  }

  read(queries: readonly WireQuery[]): Promise<WireRows[]> {
    let least = this.#readers[0] ?? this.#writer;
    for (const reader of this.#readers) if (reader.load < least.load) least = reader;
    return least.call({ kind: "read", queries });
  }

  /** The ways to search are chosen without its statistics (`runs/search-plan.ts`). */
  async analyze(): Promise<void> {}

  compact(): Promise<void> {
    return this.#writer.call({ kind: "compact" });
  }

  async close(): Promise<void> {
    this.#small?.close();
    await Promise.all(this.#readers.map((reader) => reader.close()));
    await this.#writer.close();
  }
}
