import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Cost, inProcess, line, median, ratio } from "../measure.ts";

export interface RowsCost extends Cost {
  readonly rows: number;
}

/** Our side: a file profiled, and compared with another where one is named. */
export function compared(current: string, reference = ""): Promise<RowsCost> {
  return inProcess<RowsCost>(new URL("./compare.ts", import.meta.url), [current, reference]);
}

export function summarized(path: string): Promise<Cost> {
  return inProcess<Cost>(new URL("./summarize.ts", import.meta.url), [path]);
}

export async function withEvidently(python: string, current: string, reference: string): Promise<RowsCost> {
  const script = new URL("./evidently_drift.py", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(python, ["-W", "ignore", script, current, reference], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

export const seconds = (costs: readonly Cost[], key: "wallMs" | "cpuMs" = "wallMs") =>
  `${(median(costs.map((cost) => cost[key])) / 1000).toFixed(1)} s`;

export const peak = (costs: readonly Cost[]) =>
  `${(median(costs.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0)} MB`;

/** Wall, CPU and memory of ours beside a peer's, with the ratios of the pairs. */
export function beside(ours: readonly Cost[], [name, theirs]: readonly [string, readonly Cost[]]): void {
  for (const [title, key] of [
    ["wall", "wallMs"],
    ["cpu", "cpuMs"],
  ] as const) {
    const of = (costs: readonly Cost[]) => costs.map((cost) => cost[key]);
    line(
      `  ${title.padEnd(5)} ours ${seconds(ours, key)}, ${name} ${seconds(theirs, key)}, ratio ${ratio(of(ours), of(theirs))}`,
    );
  }
  line(`  peak  ours ${peak(ours)}, ${name} ${peak(theirs)}`);
}
