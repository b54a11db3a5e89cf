import type { Verdict, VerdictKind } from "./verdict.ts";

/** The verdict where nothing could be judged. */
export interface InvalidVerdict<Kind extends VerdictKind> extends Verdict {
  readonly status: "invalid";
  readonly kind: Kind;
  readonly evidence: Readonly<Record<string, never>>;
}

/**
 * @param message why it could not be judged, ending with what to do
 * @param column which it is about; of none, leave it out or give ""
 */
export function invalidVerdict<Kind extends VerdictKind>(
  kind: Kind,
  message: string,
  column = "",
): InvalidVerdict<Kind> {
  return { status: "invalid", kind, message, columns: column === "" ? [] : [column], evidence: {} };
}
