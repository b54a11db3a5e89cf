export { lineageMermaid, lineagePicture } from "./lineage-picture.ts";
export { type LineageNames, traceLineage } from "./trace-lineage.ts";
