export * from "./plan.ts";
export { dataOfPlan } from "./plan-data.ts";
export { planJson } from "./plan-json.ts";
export { planWorkflow } from "./plan-workflow.ts";
