export { type Call, type CallOptions, type Client, makeClient, type Transport } from "./client.ts";
export type {
  AddedData,
  CopyProgress,
  DataDifference,
  DataSchema,
  DataStatus,
  Dataset,
  DatasetStatus,
  DataTransfer,
  DataVersion,
  Sensitivity,
  ShownData,
} from "./data.ts";
export { dataset, dataVersion } from "./data.ts";
export { type HttpClientOptions, httpClient } from "./http-client.ts";
export type { Lineage, LineageEdge, LineageNode } from "./lineage.ts";
export { openApi } from "./openapi.ts";
export { type AnswerRoute, pathNames, type Route, type StreamRoute } from "./route.ts";
export { type Routes, routes } from "./routes.ts";
export type { ModelVersion, RunDetail, RunRow, TaskRow } from "./run.ts";
export type { TrackerProgress } from "./tracker-routes.ts";
export type { Comparison, Garbage, Packed, Purged, Wiped } from "./upkeep.ts";
export type { TaskVerdict } from "./verdict.ts";
export type { LogMessage, LogPage, Rest, WatchMessage, Why } from "./watch.ts";
