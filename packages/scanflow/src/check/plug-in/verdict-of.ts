import { parseVerdict, type Verdict } from "@scanflow/checks";
import { errorCode, ScanflowError } from "@scanflow/core";

/** What a checker wrote, if it is a verdict; else which checker wrote it. Code: SCANFLOW_VERDICT_INVALID. */
export function verdictOf(checker: string, json: string): Verdict {
  try {
    return parseVerdict(json);
  } catch (cause) {
    const code = errorCode(cause);
    if (code === undefined || !(cause instanceof Error)) throw cause;
    throw new ScanflowError(code, `The checker ${checker}: ${cause.message}`, { cause });
  }
}
