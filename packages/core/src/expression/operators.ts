export type UnaryOperator = "not" | "-";

export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "not in"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

/** How tightly a construct binds; a higher number binds tighter. */
export const PRECEDENCE = {
  conditional: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  sum: 5,
  product: 6,
  negative: 7,
  postfix: 8,
} as const;

interface OperatorInfo {
  readonly precedence: number;
  readonly family: "logic" | "equality" | "order" | "membership" | "arithmetic";
  readonly doc: string;
}

/** Every binary operator. `a is b` and `a is not b` are written forms of `==` and `!=`. */
export const BINARY_OPERATORS: Readonly<Record<BinaryOperator, OperatorInfo>> = {
  or: { precedence: PRECEDENCE.or, family: "logic", doc: "True when either side is true. Also `||`." },
  and: { precedence: PRECEDENCE.and, family: "logic", doc: "True when both sides are true. Also `&&`." },
  "==": {
    precedence: PRECEDENCE.comparison,
    family: "equality",
    doc: "Equal; lists and objects by their content.",
  },
  "!=": { precedence: PRECEDENCE.comparison, family: "equality", doc: "Not equal." },
  "<": { precedence: PRECEDENCE.comparison, family: "order", doc: "Less: two numbers, or two strings." },
  "<=": { precedence: PRECEDENCE.comparison, family: "order", doc: "Less or equal." },
  ">": { precedence: PRECEDENCE.comparison, family: "order", doc: "Greater." },
  ">=": { precedence: PRECEDENCE.comparison, family: "order", doc: "Greater or equal." },
  in: {
    precedence: PRECEDENCE.comparison,
    family: "membership",
    doc: "An item of a list, or a part of a string.",
  },
  "not in": {
    precedence: PRECEDENCE.comparison,
    family: "membership",
    doc: "Not an item of a list, nor a part of a string.",
  },
  "+": { precedence: PRECEDENCE.sum, family: "arithmetic", doc: "Adds numbers; joins strings." },
  "-": { precedence: PRECEDENCE.sum, family: "arithmetic", doc: "Subtracts." },
  "*": { precedence: PRECEDENCE.product, family: "arithmetic", doc: "Multiplies." },
  "/": { precedence: PRECEDENCE.product, family: "arithmetic", doc: "Divides; by zero gives null." },
  "%": {
    precedence: PRECEDENCE.product,
    family: "arithmetic",
    doc: "Remainder, with the sign of the divisor; by zero gives null.",
  },
};

/** Words that are never names of values: quote them where a string or a node is meant. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set([
  "and",
  "or",
  "not",
  "in",
  "is",
  "if",
  "else",
  "true",
  "false",
  "null",
]);
