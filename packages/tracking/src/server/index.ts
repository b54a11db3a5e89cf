export { type RemoteLedgerOptions, remoteLedger } from "../ledger/remote-ledger.ts";
export { type TrackingServerErrorCode, trackingServerErrorCodes } from "./errors.ts";
export { openTrackingServer, type TrackingServer, type TrackingServerOptions } from "./open-server.ts";
export { type RemoteTracker, remoteUpkeep } from "./remote-upkeep.ts";
export { runningTracker } from "./running-tracker.ts";
export { withAccess } from "./with-access.ts";
export { withTracking } from "./with-tracking.ts";
export { type TrackerUpkeep, withUpkeep } from "./with-upkeep.ts";
