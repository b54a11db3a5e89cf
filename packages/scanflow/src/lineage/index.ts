export { lineageMermaid, lineagePicture } from "./lineage-picture.ts";
export { openDelivery } from "./openlineage/open-delivery.ts";
export { traceLineage } from "./trace-lineage.ts";
