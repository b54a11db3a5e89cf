export { planMermaid } from "./plan-mermaid.ts";
export { planSvg } from "./plan-svg.ts";
