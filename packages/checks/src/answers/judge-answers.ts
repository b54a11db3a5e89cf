import { ChecksError } from "../errors.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import type { Verdict, VerdictKind } from "../verdict/verdict.ts";
import { AnswersError } from "./answers-error.ts";

/** Judges; what is wrong with the data makes a verdict `invalid`, what is wrong with the params stays an error. */
export async function judgeAnswers(
  kind: VerdictKind,
  judge: () => Verdict | Promise<Verdict>,
): Promise<Verdict> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof ChecksError)) throw error;
    if (error.code !== "SCANFLOW_ANSWERS_INVALID" && error.code !== "SCANFLOW_COLUMN_INVALID") throw error;
    return invalidVerdict(kind, error.message, error instanceof AnswersError ? error.column : "");
  }
}
