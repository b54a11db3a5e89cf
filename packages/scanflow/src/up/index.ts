export { carryAccess } from "./carried-access.ts";
export { planServer, startServer } from "./server-container.ts";
export { takeDown } from "./take-down.ts";
