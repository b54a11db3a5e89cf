export { type Connection, type ConnectOptions, connect } from "./connect.ts";
export { type Owner, type OwnerOptions, openOwner } from "./owner.ts";
export { ownerVersion } from "./owner-version.ts";
