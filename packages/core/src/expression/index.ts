export {
  accessExpression,
  type BinaryExpression,
  type CallExpression,
  type ConditionalExpression,
  type Expression,
  type IndexExpression,
  type ListExpression,
  type LiteralExpression,
  type ObjectExpression,
  type ReferenceExpression,
  referenceExpression,
  type UnaryExpression,
} from "./ast.ts";
export { checkCondition, checkTypes, type TypeCheck, type TypeProblem } from "./check-types.ts";
export type { Choice, ChoiceBranch, ChoiceTargets } from "./choice.ts";
export { constantExpression } from "./constant.ts";
export { evaluate, evaluateCondition } from "./evaluate.ts";
export { formatExpression } from "./format.ts";
export { formatChoice } from "./format-choice.ts";
export { FUNCTIONS, type FunctionInfo, type Signature } from "./functions.ts";
export { EXPRESSION_LIMITS } from "./limits.ts";
export { type NameSet, ROOTS } from "./names.ts";
export { BINARY_OPERATORS, type BinaryOperator, type UnaryOperator } from "./operators.ts";
export { parseExpression } from "./parse.ts";
export { parseChoice } from "./parse-choice.ts";
export { quantityOf } from "./quantity.ts";
export {
  DEVICE_TYPES,
  type DeviceFacts,
  type NodeTypes,
  type Scope,
  type TaskValues,
  type TypeScope,
} from "./scope.ts";
export { type Span, spanOf } from "./spans.ts";
export { ExpressionSyntaxError } from "./syntax-error.ts";
export type { ValueType } from "./value-type.ts";
export { mapReferences, references } from "./walk.ts";
