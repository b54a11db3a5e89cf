export { lineageMermaid, lineagePicture } from "./lineage-picture.ts";
export { openDelivery } from "./openlineage/open-delivery.ts";
export { restTracker } from "./rest-tracker.ts";
export { openedTracker, traceInTracker } from "./trace-in-tracker.ts";
export { traceLineage } from "./trace-lineage.ts";
