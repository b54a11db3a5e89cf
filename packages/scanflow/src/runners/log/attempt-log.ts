import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { Mask } from "./mask.ts";
import { Pieces } from "./pieces.ts";
import { ShownLines } from "./shown-lines.ts";
import { Tail } from "./tail.ts";

export interface AttemptLogOptions {
  readonly path: string;
  /** Most bytes of output kept on disk. */
  readonly limit: number;
  /** Texts to hide. */
  readonly hidden: readonly string[];
  /** Hears each line. A carriage return at its end: it is about to be drawn over, as by a progress bar. */
  readonly line: (line: string) => void;
  /** The log could not be written (a full disk): nothing more is, and the attempt should end. */
  readonly failed: (error: unknown) => void;
}

/** Room for the newest output once the log is full; it is written at the end. */
const tailBytes = 1024 * 1024;
/** How much of the newest output stands in an error's message. */
const quotedBytes = 8192;
const quotedLines = 40;

/**
 * The log file of one attempt: both streams by lines in order of arrival (a line that has stood unfinished for a
 * moment is not waited for), secrets hidden. The file is made
 * with its first line, so a silent attempt leaves none.
 *
 * Writes are synchronous: they go to the page cache, cost a fraction of the hops through the thread pool, and hold
 * the reader back when the disk is slower than the command, so nothing piles up in memory. Past the limit only the
 * newest output is kept, in memory, and the command goes on undisturbed.
 */
export class AttemptLog {
  readonly #options: AttemptLogOptions;
  readonly #head: number;
  #quote: Tail | undefined;
  #file: number | undefined;
  #written = 0;
  #tail: Tail | undefined;
  #broken = false;
  #closed = false;

  constructor(options: AttemptLogOptions) {
    this.#options = options;
    this.#head = Math.max(0, options.limit - tailBytes);
  }

  /** Takes one stream of output. */
  stream(): LogStream {
    const mask = new Mask(this.#options.hidden);
    const shown = new ShownLines(this.#options.line);
    const pieces = new Pieces((piece) => this.#take(piece, shown));
    return {
      write: (chunk) => pieces.write(mask.write(chunk)),
      end: () => {
        pieces.write(mask.end());
        pieces.end();
      },
    };
  }

  /** A line of our own. */
  note(text: string): void {
    const mask = new Mask(this.#options.hidden);
    const line = [mask.write(Buffer.from(`[scanflow] ${text}\n`)), mask.end()];
    this.#take(Buffer.concat(line), new ShownLines(this.#options.line));
  }

  /** The newest lines, for an error's message. */
  quote(): string {
    return (this.#quote?.read().toString() ?? "").trimEnd().split("\n").slice(-quotedLines).join("\n");
  }

  close(): void {
    const tail = this.#tail;
    this.#tail = undefined;
    if (tail) {
      const newest = tail.read();
      const lost = tail.total - newest.length;
      this.#write(Buffer.from(lost > 0 ? `[scanflow] … ${lost} bytes of output were left out …\n` : ""));
      this.#write(newest);
    }
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#closed = true;
  }

  #take(whole: Buffer, shown: ShownLines): void {
    if (whole.length === 0 || this.#closed) return;
    this.#quote ??= new Tail(quotedBytes);
    this.#quote.push(whole);
    if (this.#tail) {
      this.#tail.push(whole);
      return;
    }
    if (this.#written + whole.length > this.#head) {
      this.#tail = new Tail(Math.min(tailBytes, this.#options.limit));
      this.#tail.push(whole);
      const notice = `[scanflow] the log is full (${this.#options.limit} bytes): only the newest output is kept from here on, and follows at the end`;
      this.#write(Buffer.from(`${notice}\n`));
      this.#options.line(notice);
      return;
    }
    this.#write(whole);
    shown.write(whole);
  }

  #write(bytes: Buffer): void {
    if (this.#broken || this.#closed) return;
    try {
      this.#file ??= openAppending(this.#options.path);
      for (let from = 0; from < bytes.length; ) from += writeSync(this.#file, bytes, from);
      this.#written += bytes.length;
    } catch (error) {
      this.#broken = true;
      this.#options.failed(error);
    }
  }
}

export interface LogStream {
  write(chunk: Buffer): void;
  end(): void;
}

function openAppending(path: string): number {
  try {
    return openSync(path, "a");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "a");
  }
}
