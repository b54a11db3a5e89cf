export { ownVersion } from "../own-version.ts";
export { type Connection, type ConnectOptions, connect } from "./connect.ts";
export { connectServer } from "./connect-server.ts";
export type { Exposure } from "./front.ts";
export { type Owner, type OwnerOptions, openOwner } from "./owner.ts";
export { ownerAddress } from "./owner-address.ts";
export { readOwnerFile } from "./owner-file.ts";
