export { ownerGateway } from "./gateway.ts";
