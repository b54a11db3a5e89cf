export { type GraphPicture, graphSvg, type PictureEdge, type PictureNode } from "./graph-svg.ts";
export { itemText } from "./item-text.ts";
export { mermaidText, planMermaid } from "./plan-mermaid.ts";
export { planSvg } from "./plan-svg.ts";
export { planText } from "./plan-text.ts";
export type { PlanTheme } from "./style.ts";
