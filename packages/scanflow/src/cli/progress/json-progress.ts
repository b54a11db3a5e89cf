import type { Output } from "../output.ts";
import type { Progress } from "./progress.ts";

/** Events as JSON lines, each as it is in the journal. */
export function jsonProgress(output: Output): Progress {
  return {
    event: ({ seq, run, time, event, ...data }) => {
      output.line(JSON.stringify({ event, run, ...data, seq, time }));
    },
    line: () => {},
    omitted: () => {},
    end: () => {},
  };
}
