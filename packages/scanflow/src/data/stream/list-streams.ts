import type { SqlStore } from "@scanflow/tracking/store";

/** A stream, as a list shows it. */
export interface StreamSummary {
  readonly stream: string;
  readonly records: number;
  /** The highest position given. */
  readonly last: number;
  /** Of the newest record; null when there is none. */
  readonly lastTimeMs: number | null;
  readonly keepRecords: number | null;
  readonly keepMs: number | null;
  readonly consumers: readonly {
    readonly consumer: string;
    readonly position: number;
    readonly behind: number;
  }[];
}

interface SummaryRow {
  readonly stream: string;
  readonly records: number;
  readonly last: number;
  readonly last_time: number | null;
  readonly keep_records: number | null;
  readonly keep_ms: number | null;
}

interface ConsumerRow {
  readonly stream: string;
  readonly consumer: string;
  readonly position: number;
  readonly behind: number;
}

const STREAMS = `SELECT stream, last, keep_records, keep_ms,
  (SELECT count(*) FROM stream_records WHERE stream_records.stream = streams.stream) AS records,
  (SELECT time FROM stream_records WHERE stream_records.stream = streams.stream
    ORDER BY position DESC LIMIT 1) AS last_time
  FROM streams ORDER BY stream`;

const CONSUMERS = `SELECT stream, consumer, position,
  (SELECT count(*) FROM stream_records WHERE stream_records.stream = stream_consumers.stream
    AND stream_records.position > stream_consumers.position) AS behind
  FROM stream_consumers ORDER BY stream, consumer`;

export async function listStreams(store: SqlStore): Promise<StreamSummary[]> {
  const [streams = [], consumers = []] = await store.snapshot([{ sql: STREAMS }, { sql: CONSUMERS }]);
  const byStream = Map.groupBy(consumers as unknown as ConsumerRow[], ({ stream }) => stream);
  return (streams as unknown as SummaryRow[]).map((row) => ({
    stream: row.stream,
    records: row.records,
    last: row.last,
    lastTimeMs: row.last_time,
    keepRecords: row.keep_records,
    keepMs: row.keep_ms,
    consumers: (byStream.get(row.stream) ?? []).map(({ stream: _, ...consumer }) => consumer),
  }));
}
