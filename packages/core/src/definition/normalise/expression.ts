import { errorCode } from "../../errors.ts";
import type { Expression } from "../../expression/index.ts";
import { parseExpression } from "../../expression/index.ts";
import type { ProblemCode } from "../problem.ts";
import type { Reading } from "./context.ts";

/** An expression; undefined when it cannot be read, which is reported. */
export function readExpression(text: string, reading: Reading): Expression | undefined {
  return readText(reading, () => parseExpression(text));
}

/** The condition of a node or branch; null when there is none. What cannot be read stands as `null`, which fits all. */
export function readCondition(text: string | undefined, reading: Reading): Expression | null {
  return text === undefined ? null : (readExpression(text, reading) ?? UNREAD);
}

/** Stands for an expression that cannot be read, so that it is not reported as missing as well. */
export const UNREAD: Expression = parseExpression("null");

/** What the parser gives; undefined when it refuses the text, which is reported. */
export function readText<T>({ path, report }: Reading, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    const code = EXPRESSION_CODES.find((known) => known === errorCode(error));
    if (code === undefined || !(error instanceof Error)) throw error;
    report({ code, message: error.message, path });
    return undefined;
  }
}

const EXPRESSION_CODES: readonly ProblemCode[] = ["SCANFLOW_EXPRESSION_SYNTAX", "SCANFLOW_EXPRESSION_LIMIT"];
