export { type TrackingServerErrorCode, trackingServerErrorCodes } from "./errors.ts";
export { openTrackingServer, type TrackingServer, type TrackingServerOptions } from "./open-server.ts";
export { withAccess } from "./with-access.ts";
export { withTracking } from "./with-tracking.ts";
