export { planServer, startServer } from "./server-container.ts";
export { takeDown } from "./take-down.ts";
