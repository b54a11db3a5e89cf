import { ChecksError } from "../errors.ts";

/** What a model said, or should have said, cannot be used; checkers make a verdict `invalid` of it. */
export class AnswersError extends ChecksError {
  /** The column it is about. */
  readonly column: string;

  constructor(column: string, message: string) {
    super("SCANFLOW_ANSWERS_INVALID", message);
    this.column = column;
  }
}
