export { batchToRows } from "./batch-to-rows.ts";
export { type FollowOptions, followStream, type StreamTask } from "./follow-stream.ts";
export type { StreamSummary } from "./list-streams.ts";
export { rowsToBatch } from "./rows-to-batch.ts";
export type { Commit, StreamConsumer, StreamOutput } from "./stream-consumer.ts";
export { type Appended, StreamLog, type StreamLogOptions } from "./stream-log.ts";
export type { NewRecord, StreamRecord } from "./stream-record.ts";
