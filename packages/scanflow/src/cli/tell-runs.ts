import type { Output } from "./output.ts";
import { counted } from "./text/counted.ts";

interface Progress {
  readonly experiment: string;
  readonly done: number;
  readonly of: number;
}

/** Notes now and then how many runs of an experiment are done, and when all are. */
export function tellRuns(output: Output): (progress: Progress) => void {
  return ({ experiment, done, of }) => {
    if (done === of || done % 100 === 0) output.note(`${experiment}: ${done} of ${counted(of, "run")}`);
  };
}
