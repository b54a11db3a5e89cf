import type { Migration } from "@scanflow/tracking/store";

/** The tables of streams, in the order to apply them. */
export const streamMigrations: readonly Migration[] = [
  {
    room: "streams",
    id: "001-streams",
    up: [
      // `last` is the highest position ever given, so that a removed record's is not given again.
      `CREATE TABLE streams (
        stream TEXT PRIMARY KEY, last BIGINT NOT NULL, created BIGINT NOT NULL,
        keep_records BIGINT, keep_ms BIGINT)`,
      `CREATE TABLE stream_records (
        stream TEXT NOT NULL, position BIGINT NOT NULL, id TEXT NOT NULL, time BIGINT NOT NULL,
        appended BIGINT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (stream, position))`,
      "CREATE UNIQUE INDEX stream_records_by_id ON stream_records (stream, id)",
      // `needed` is the lowest position that it may still read; `holder` is who committed last.
      `CREATE TABLE stream_consumers (
        stream TEXT NOT NULL, consumer TEXT NOT NULL, position BIGINT NOT NULL, needed BIGINT NOT NULL,
        state TEXT, commits BIGINT NOT NULL, holder TEXT NOT NULL, updated BIGINT NOT NULL,
        PRIMARY KEY (stream, consumer))`,
      `CREATE TABLE stream_outputs (
        stream TEXT NOT NULL, consumer TEXT NOT NULL, number BIGINT NOT NULL, position BIGINT NOT NULL,
        created BIGINT NOT NULL, output TEXT NOT NULL, PRIMARY KEY (stream, consumer, number))`,
    ],
  },
];
