export type { DataOptions } from "./data-options.ts";
export { type DatasetOptions, openDataset } from "./open-dataset.ts";
export { readBatches } from "./read-batches.ts";
