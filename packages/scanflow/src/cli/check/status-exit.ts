import type { VerdictStatus } from "@scanflow/checks";
import { EXIT, type ExitCode } from "../exit-code.ts";

/** How a command ends that judged, by the worst of its verdicts. */
export const STATUS_EXIT: Readonly<Record<VerdictStatus, ExitCode>> = {
  ok: EXIT.done,
  warning: EXIT.done,
  alarm: EXIT.failed,
  invalid: EXIT.usage,
};
