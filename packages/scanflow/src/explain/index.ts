export { type ExplainRequest, type Explanation, explainData, type RowExplanation } from "./explain-data.ts";
