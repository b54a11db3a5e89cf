export type { BuiltIn } from "./built-in.ts";
export { BUILT_INS } from "./built-ins.ts";
export { checkContext } from "./check-context.ts";
export type { CheckContext, Checker, Dataset, PredictRows } from "./checker.ts";
