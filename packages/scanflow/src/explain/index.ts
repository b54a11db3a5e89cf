export { type Explanation, explainData, type RowExplanation } from "./explain-data.ts";
