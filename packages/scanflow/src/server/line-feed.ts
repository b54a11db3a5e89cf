import type { LogLine } from "../engine/index.ts";

/** A line with the seq of the event after which it came. */
export interface FedLine extends LogLine {
  readonly after: number;
}

export interface LineFeedOptions {
  /** The seq of the last stored event. */
  readonly seq: () => number;
  /** Lines kept of a run for those who begin to listen later. */
  readonly kept?: number;
  /** Runs whose lines are kept. */
  readonly runs?: number;
}

const longestLine = 4000;

/**
 * Passes on the lines that tasks write to whoever listens, and keeps the newest of each run for those who come a
 * moment later. The whole of them is in the logs.
 */
export class LineFeed {
  readonly #options: Required<LineFeedOptions>;
  readonly #recent = new Map<string, FedLine[]>();
  readonly #listeners = new Map<string, Set<(line: FedLine) => void>>();

  constructor({ seq, kept = 1000, runs = 16 }: LineFeedOptions) {
    this.#options = { seq, kept, runs };
  }

  push({ line, ...place }: LogLine): void {
    const shown = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
    const fed = { ...place, line: shown, after: this.#options.seq() };
    const recent = this.#recentOf(fed.run);
    recent.push(fed);
    if (recent.length >= 2 * this.#options.kept) recent.splice(0, recent.length - this.#options.kept);
    for (const listener of this.#listeners.get(fed.run) ?? []) listener(fed);
  }

  /** The newest lines of a run that came after an event. */
  recent(run: string, after: number): FedLine[] {
    const lines = this.#recent.get(run) ?? [];
    return lines.slice(-this.#options.kept).filter((line) => line.after > after);
  }

  /** Gives back what ends the listening. */
  listen(run: string, listener: (line: FedLine) => void): () => void {
    const listeners = this.#listeners.get(run) ?? new Set();
    this.#listeners.set(run, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(run);
    };
  }

  #recentOf(run: string): FedLine[] {
    const known = this.#recent.get(run);
    if (known) return known;
    const [oldest] = this.#recent.keys();
    if (this.#recent.size >= this.#options.runs && oldest !== undefined) this.#recent.delete(oldest);
    const lines: FedLine[] = [];
    this.#recent.set(run, lines);
    return lines;
  }
}
