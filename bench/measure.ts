import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What one process cost, its children included. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time of the process and of all its children. */
  readonly cpuMs: number;
  /** Largest resident set of the process itself, bytes. */
  readonly peakBytes: number;
}

/** Runs a module of the bench in a process of its own; its last line of output is JSON. */
export async function inProcess<T>(module: URL, args: readonly string[]): Promise<T> {
  const child = spawn(process.execPath, [module.pathname, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${module.pathname} ${args.join(" ")} ended with ${code}`);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as T;
}

/** Measures a piece of work in this process. */
export async function measure(work: () => Promise<void>): Promise<Cost> {
  const before = cpuMs();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  return { wallMs, cpuMs: cpuMs() - before, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/**
 * Fields 14 to 17 of /proc/<pid>/stat, in hundredths: user and system time of a process and of the children that it
 * has waited for; and the same of its children that still live.
 */
function cpuMs(pid: number = process.pid): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
  return livingChildren(pid).reduce((sum, child) => sum + cpuMs(child), own);
}

function livingChildren(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** `1.32 (1.20–1.45)`: the median of paired ratios with the least and the largest. */
export function ratio(subject: readonly number[], floor: readonly number[]): string {
  const ratios = subject.map((value, at) => value / (floor[at] ?? Number.NaN));
  const figure = (value: number) => value.toFixed(2);
  return `${figure(median(ratios))} (${figure(Math.min(...ratios))}–${figure(Math.max(...ratios))})`;
}

export function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
