import { deflateSync, inflateSync } from "node:zlib";
import type { EventBody, JsonObject, Plan, RunEvent } from "@scanflow/core";
import { ScanflowError } from "@scanflow/core";
import type { Migration, Row, SqlValue, Statement, Store } from "@scanflow/tracking/store";

/** The engine's own tables, in the order to apply them. */
export const engineMigrations: readonly Migration[] = [
  {
    room: "engine",
    id: "001-journal",
    up: [
      `CREATE TABLE events (
        seq INTEGER PRIMARY KEY, run TEXT NOT NULL, time BIGINT NOT NULL, event TEXT NOT NULL, data TEXT NOT NULL)`,
      "CREATE INDEX events_by_run ON events (run, seq)",
      "CREATE TABLE plans (digest TEXT PRIMARY KEY, plan TEXT NOT NULL)",
      `CREATE TABLE runs (
        run TEXT PRIMARY KEY, application TEXT NOT NULL, workflow TEXT NOT NULL, plan TEXT NOT NULL,
        status TEXT NOT NULL, created BIGINT NOT NULL, finished BIGINT)`,
      "CREATE INDEX runs_by_workflow ON runs (application, workflow, created)",
      "CREATE TABLE offsets (consumer TEXT PRIMARY KEY, seq INTEGER NOT NULL)",
    ],
  },
  {
    room: "engine",
    id: "002-cache",
    up: [
      `CREATE TABLE cache (
        key TEXT PRIMARY KEY, run TEXT NOT NULL, task TEXT NOT NULL, attempt INTEGER NOT NULL,
        outputs TEXT NOT NULL, result TEXT NOT NULL, metrics TEXT NOT NULL, created BIGINT NOT NULL)`,
      "CREATE INDEX cache_by_run ON cache (run)",
      `CREATE TABLE task_keys (
        application TEXT NOT NULL, workflow TEXT NOT NULL, task TEXT NOT NULL, key TEXT NOT NULL,
        parts TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (application, workflow, task))`,
      `CREATE TABLE attempts (
        run TEXT NOT NULL, task TEXT NOT NULL, attempt INTEGER NOT NULL, key TEXT NOT NULL, parts TEXT NOT NULL,
        PRIMARY KEY (run, task, attempt))`,
    ],
  },
];

export interface RunRow {
  readonly run: string;
  readonly application: string;
  readonly workflow: string;
  /** Digest of its plan. */
  readonly plan: string;
  readonly status: string;
  readonly created: number;
  readonly finished: number | null;
}

export interface AppendOptions {
  /** false: nothing waits for it, and it may wait for others, some milliseconds. */
  readonly soon: boolean;
  /** Called, in order, as the events go to the store: what it writes there at once shares their transaction. */
  readonly along: (stored: Promise<unknown>) => void;
}

interface Waiting {
  readonly events: readonly RunEvent[];
  readonly rows: readonly Statement[];
  readonly along: AppendOptions["along"];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What an owner that is killed may have done and not recorded; it is done again. */
const LONGEST_WAIT_MS = 5;

/** The append-only record of what happened, and the few tables that are read off it. */
export class Journal {
  readonly store: Store<unknown>;
  #next: number;
  #waiting: Waiting[] = [];
  #storing = false;
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor(store: Store<unknown>, next: number) {
    this.store = store;
    this.#next = next;
  }

  static async open(store: Store<unknown>): Promise<Journal> {
    const [row] = await store.read<{ last: number | null }>("SELECT max(seq) AS last FROM events");
    return new Journal(store, (row?.last ?? 0) + 1);
  }

  /** Gives an event its sequence number. Numbers are taken in the order events are stored. */
  stamp(run: string, time: number, body: EventBody): RunEvent {
    return { seq: this.#next++, run, time, ...body };
  }

  /** The last sequence number given. */
  get last(): number {
    return this.#next - 1;
  }

  /**
   * Stores events with the rows that belong to them: all or nothing, in the order asked for. Those that come while
   * others are being stored, or without haste, go together in one unit. When a unit cannot be stored, neither can what
   * waits behind it: there is never a gap.
   */
  append(events: readonly RunEvent[], rows: readonly Statement[], options: AppendOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, rows, along: options.along, resolve, reject });
      if (options.soon) void this.#flush();
      else this.#timer ??= setTimeout(() => void this.#flush(), LONGEST_WAIT_MS);
    });
  }

  async #flush(): Promise<void> {
    this.#wanted = true;
    if (this.#storing) return;
    this.#storing = true;
    while (this.#wanted) {
      this.#wanted = false;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const stored = this.store.write(unitOf(group));
        for (const { along } of group) along(stored);
        await stored;
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(error);
      }
    }
    this.#storing = false;
  }

  /** A run's events in order, after a sequence number. */
  async events(run: string, after = 0): Promise<RunEvent[]> {
    const rows = await this.store.read("SELECT * FROM events WHERE run = ? AND seq > ? ORDER BY seq", [
      run,
      after,
    ]);
    return rows.map(toEvent);
  }

  /** Events of all runs after a sequence number, at most `limit`. */
  async allEvents(after: number, limit: number): Promise<RunEvent[]> {
    const rows = await this.store.read("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", [
      after,
      limit,
    ]);
    return rows.map(toEvent);
  }

  async run(run: string): Promise<RunRow> {
    const [row] = await this.store.read<RunRow>("SELECT * FROM runs WHERE run = ?", [run]);
    if (row) return row;
    throw new ScanflowError(
      "SCANFLOW_RUN_UNKNOWN",
      `There is no run "${run}" in this folder. List the runs with "scanflow ls".`,
    );
  }

  /** Newest first. */
  runs(): Promise<RunRow[]> {
    return this.store.read<RunRow>("SELECT * FROM runs ORDER BY created DESC, run DESC");
  }

  /** The status of each of these runs that there is. */
  async statuses(runs: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.store.read<Pick<RunRow, "run" | "status">>(
      "SELECT run, status FROM runs WHERE run IN (SELECT value FROM json_each(?))",
      [JSON.stringify(runs)],
    );
    return new Map(rows.map(({ run, status }) => [run, status]));
  }

  async plan(digest: string): Promise<Plan> {
    const [row] = await this.store.read<{ plan: string | Uint8Array }>(
      "SELECT plan FROM plans WHERE digest = ?",
      [digest],
    );
    if (!row) throw new ScanflowError("SCANFLOW_JOURNAL_BROKEN", `The journal has no plan ${digest}.`);
    try {
      // Text: an earlier version stored it so.
      const text = typeof row.plan === "string" ? row.plan : inflateSync(row.plan).toString();
      return JSON.parse(text) as Plan;
    } catch (cause) {
      const message = `The journal's plan ${digest} is damaged. Take .scanflow/scanflow.db from a backup, or run the workflow anew.`;
      throw new ScanflowError("SCANFLOW_JOURNAL_BROKEN", message, { cause });
    }
  }

  /** Runs that have ended and whose last event the tracker's rows have not followed. */
  undelivered(): Promise<RunRow[]> {
    return this.store.read<RunRow>(
      `SELECT * FROM runs WHERE finished IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM offsets WHERE consumer = 'tracker/' || runs.run
          AND seq >= (SELECT max(seq) FROM events WHERE events.run = runs.run))`,
    );
  }

  /** How far a consumer of the events has come. */
  async offset(consumer: string): Promise<number> {
    const [row] = await this.store.read<{ seq: number }>("SELECT seq FROM offsets WHERE consumer = ?", [
      consumer,
    ]);
    return row?.seq ?? 0;
  }

  offsetStatement(consumer: string, seq: number): Statement {
    return {
      sql: "INSERT INTO offsets (consumer, seq) VALUES (?, ?) ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq",
      params: [consumer, seq],
    };
  }
}

function unitOf(group: readonly Waiting[]): Statement[] {
  const events = group.flatMap((one) => one.events);
  const rows = events.map(({ seq, run, time, event, ...data }) => [
    seq,
    run,
    time,
    event,
    JSON.stringify(data),
  ]);
  return [
    { sql: "INSERT INTO events (seq, run, time, event, data) VALUES (?, ?, ?, ?, ?)", rows },
    ...events.flatMap(projection),
    ...merged(group.flatMap((one) => one.rows)),
  ];
}

/** Statements of the same text become one with many rows. */
function merged(statements: readonly Statement[]): Statement[] {
  const rowsOf = new Map<string, (readonly SqlValue[])[]>();
  for (const { sql, params, rows = [params ?? []] } of statements) {
    const known = rowsOf.get(sql);
    if (known) known.push(...rows);
    else rowsOf.set(sql, [...rows]);
  }
  return [...rowsOf].map(([sql, rows]) => ({ sql, rows }));
}

/** A plan says much over and over: one of 10,000 tasks has 7 MB and becomes a twentieth of that. */
export function planStatement(digest: string, plan: string): Statement {
  return {
    sql: "INSERT INTO plans (digest, plan) VALUES (?, ?) ON CONFLICT DO NOTHING",
    params: [digest, deflateSync(plan, { level: 1 })],
  };
}

/** The row of `runs` follows the run's events. */
function projection(event: RunEvent): Statement[] {
  const status = (value: string, finished: number | null): Statement => ({
    sql: "UPDATE runs SET status = ?, finished = ? WHERE run = ?",
    params: [value, finished, event.run],
  });
  switch (event.event) {
    case "run-created":
      return [
        {
          sql: "INSERT INTO runs (run, application, workflow, plan, status, created) VALUES (?, ?, ?, ?, 'running', ?)",
          params: [event.run, event.application, event.workflow, event.plan, event.time],
        },
      ];
    case "run-paused":
      return [status("paused", null)];
    case "run-cancelling":
      return [status("cancelling", null)];
    case "run-continued":
    case "run-retried":
      return [status("running", null)];
    case "run-finished":
      return [status(event.status, event.time)];
    default:
      return [];
  }
}

function toEvent(row: Row): RunEvent {
  const { seq, run, time, event, data } = row;
  return { seq, run, time, event, ...(JSON.parse(String(data)) as JsonObject) } as RunEvent;
}
