export type { DataOptions } from "./data-options.ts";
export { inFile } from "./in-file.ts";
export { type DatasetOptions, openDataset } from "./open-dataset.ts";
export { readBatches } from "./read-batches.ts";
