export { ownVersion } from "../own-version.ts";
export { type Connection, type ConnectOptions, connect } from "./connect.ts";
export { type Owner, type OwnerOptions, openOwner } from "./owner.ts";
