import { ScanflowError } from "../errors.ts";

/** Why a text is not an expression or a choice; its code is `SCANFLOW_EXPRESSION_SYNTAX`. */
export class ExpressionSyntaxError extends ScanflowError {
  /** Where it was noticed, in UTF-16 units from 0. */
  readonly offset: number;
  /** What stands there. */
  readonly found: string;
  /** What could have stood there. */
  readonly expected: string;

  constructor(text: string, details: SyntaxErrorDetails) {
    const { offset, found, expected, hint = `Write ${expected} at the mark.` } = details;
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    const column = offset - before.lastIndexOf("\n");
    super(
      "SCANFLOW_EXPRESSION_SYNTAX",
      `line ${line}, column ${column}: found ${found}, expected ${expected}.\n${caretLines(text, offset)}\n${hint}`,
    );
    this.name = "ExpressionSyntaxError";
    this.offset = offset;
    this.found = found;
    this.expected = expected;
  }
}

export interface SyntaxErrorDetails {
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
  /** The next action; the default is to write what was expected. */
  readonly hint?: string;
}

const CARET_WINDOW = 36;

/** The line that holds the offset, cut to a window around it, and a caret under the offset. */
function caretLines(text: string, offset: number): string {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const nextBreak = text.indexOf("\n", offset);
  const lineEnd = nextBreak === -1 ? text.length : nextBreak;
  const start = Math.max(lineStart, offset - CARET_WINDOW);
  const end = Math.min(lineEnd, offset + CARET_WINDOW);
  const head = start > lineStart ? "…" : "";
  const tail = end < lineEnd ? "…" : "";
  const shown = text.slice(start, end).replace(/\p{Cc}/gu, " ");
  return `  ${head}${shown}${tail}\n  ${" ".repeat(head.length + offset - start)}^`;
}
