export { itemText } from "./item-text.ts";
export { planMermaid } from "./plan-mermaid.ts";
export { planSvg } from "./plan-svg.ts";
export { planText } from "./plan-text.ts";
export type { PlanTheme } from "./style.ts";
