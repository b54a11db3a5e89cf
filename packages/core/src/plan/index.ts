export * from "./plan.ts";
export { planJson } from "./plan-json.ts";
export { planWorkflow } from "./plan-workflow.ts";
