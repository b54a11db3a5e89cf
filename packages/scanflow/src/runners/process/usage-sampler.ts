import type { Usage } from "@scanflow/core";
import { hasProc, isEnded, listProcesses, readProc, readStat, ticksPerSecond } from "./proc.ts";

export const usageUnknown: Usage = { cpuMs: null, peakMemory: null, readBytes: null, writtenBytes: null };

/**
 * Measures what groups of processes use, from `/proc`: one pass over the process table serves all groups that are
 * due. A group is looked at 20 ms after its start and then each time its age has grown by a twentieth (at most every
 * 250 ms), so what is missed at the end stays below 5 % of the run time; the CPU time of the command's own process
 * is read once more as it ends.
 *
 * Not seen: of a command that ends within its first 20 ms, anything but the CPU time of its own process; and what a
 * process that left the group did after its parent had ended. On systems without `/proc` nothing is known.
 */
export class UsageSampler {
  readonly #meters = new Map<number, Meter>();
  /** Processes that belong to no group. */
  #others = new Set<number>();
  #members = new Map<number, Meter>();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is due. */
  #wakesAt = 0;

  watch(pid: number): Meter {
    const meter = new Meter(pid);
    if (!hasProc) return meter;
    this.#meters.set(pid, meter);
    // Its number may have been that of a process that was seen long ago.
    this.#others.delete(pid);
    // The timer of a group that has run for long, or had, may come much later.
    if (this.#timer === undefined || this.#wakesAt > meter.nextAt) this.#wake(meter.nextAt);
    return meter;
  }

  unwatch(meter: Meter): void {
    this.#meters.delete(meter.pid);
  }

  #sample(): void {
    this.#timer = undefined;
    if (this.#meters.size === 0) return;
    const now = performance.now();
    const due = new Set([...this.#meters.values()].filter((meter) => meter.nextAt <= now));
    if (due.size > 0) {
      this.#sort();
      for (const meter of due) meter.begin(now);
      for (const [pid, meter] of this.#members) if (due.has(meter)) meter.add(pid);
      for (const meter of due) meter.settle();
    }
    const nextAt = Math.min(...Array.from(this.#meters.values(), (meter) => meter.nextAt));
    // Groups that are due at about the same time share a pass.
    this.#wake(Math.max(now + 10, nextAt));
  }

  #wake(at: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => this.#sample(), at - performance.now()).unref();
  }

  /** Finds out which process belongs to which group. */
  #sort(): void {
    const members = new Map<number, Meter>();
    const others = new Set<number>();
    for (const pid of listProcesses()) {
      if (this.#others.has(pid)) {
        others.add(pid);
        continue;
      }
      const stat = readStat(pid);
      if (stat === undefined) continue;
      const meter =
        this.#meters.get(stat.group) ?? members.get(stat.parent) ?? this.#known(this.#members.get(pid));
      if (meter) members.set(pid, meter);
      else others.add(pid);
    }
    this.#members = members;
    this.#others = others;
  }

  #known(meter: Meter | undefined): Meter | undefined {
    return meter && this.#meters.has(meter.pid) ? meter : undefined;
  }
}

const firstMs = 20;
const longestMs = 250;

/** What one group has used so far. */
export class Meter {
  readonly pid: number;
  readonly #begun = performance.now();
  nextAt = this.#begun + firstMs;
  #cpuMs: number | null = null;
  #peakMemory: number | null = null;
  #read: number | null = null;
  #written: number | null = null;
  #sum = { cpuTicks: 0, memory: 0, read: 0, written: 0 };

  constructor(pid: number) {
    this.pid = pid;
  }

  begin(now: number): void {
    this.#sum = { cpuTicks: 0, memory: 0, read: 0, written: 0 };
    this.nextAt = now + Math.min(Math.max((now - this.#begun) / 20, firstMs), longestMs);
  }

  add(pid: number): void {
    const stat = readStat(pid);
    if (stat === undefined) return;
    this.#sum.cpuTicks += stat.cpuTicks;
    const io = readCounts(pid);
    this.#sum.read += io.read;
    this.#sum.written += io.written;
    if (isEnded(stat)) return;
    const status = readProc(`/proc/${pid}/status`) ?? "";
    this.#sum.memory += kilobytes(status, "VmRSS:") * 1024;
    this.#peakMemory = larger(this.#peakMemory, kilobytes(status, "VmHWM:") * 1024);
  }

  settle(): void {
    const { cpuTicks, memory, read, written } = this.#sum;
    this.#cpuMs = larger(this.#cpuMs, (cpuTicks * 1000) / ticksPerSecond);
    this.#peakMemory = larger(this.#peakMemory, memory);
    this.#read = larger(this.#read, read);
    this.#written = larger(this.#written, written);
  }

  /** A last look at the command's own process, which has just closed its output and is about to be gone. */
  last(): void {
    const schedule = hasProc ? readProc(`/proc/${this.pid}/schedstat`) : undefined;
    if (schedule === undefined) return;
    this.#cpuMs = larger(this.#cpuMs, Math.round(Number(schedule.split(" ")[0]) / 1e4) / 100);
    // Each of these files costs as much as a tenth of the start of a short command.
    if (performance.now() < this.#begun + firstMs) return;
    const stat = readStat(this.pid);
    if (stat === undefined) return;
    this.#cpuMs = larger(this.#cpuMs, (stat.cpuTicks * 1000) / ticksPerSecond);
    const io = readCounts(this.pid);
    this.#read = larger(this.#read, io.read);
    this.#written = larger(this.#written, io.written);
  }

  get usage(): Usage {
    if (this.#cpuMs === null) return usageUnknown;
    return {
      cpuMs: this.#cpuMs,
      peakMemory: this.#peakMemory === 0 ? null : this.#peakMemory,
      readBytes: this.#read,
      writtenBytes: this.#written,
    };
  }
}

/** Bytes passed to read and write calls by a process and the children that it has waited for (`proc_pid_io(5)`). */
function readCounts(pid: number): { read: number; written: number } {
  const text = readProc(`/proc/${pid}/io`) ?? "";
  return { read: number(text, "rchar: "), written: number(text, "wchar: ") };
}

function kilobytes(status: string, name: string): number {
  return number(status, name);
}

function number(text: string, name: string): number {
  const at = text.indexOf(name);
  return at < 0 ? 0 : Number.parseInt(text.slice(at + name.length, at + name.length + 24), 10) || 0;
}

function larger(known: number | null, value: number): number {
  return known === null || value > known ? value : known;
}
