export { explainData } from "./explain-data.ts";
export type { Explanation, RowExplanation } from "./explanation.ts";
