const newline = 10;
const space = 32;
const longestStamp = 40;

/**
 * Where a reader of a container's log is. The log is asked for with timestamps (RFC 3339 with nanoseconds, one before
 * every line) and, after a break, from the second of the last line on, since `sinceTime` counts whole seconds: lines
 * of that second are told again by the node and left out here.
 */
export class LogPlace {
  readonly #write: (bytes: Buffer) => void;
  /** Stamp of the newest whole line, and how many whole lines have this stamp. */
  #stamp = "";
  #alike = 0;
  /** Lines of the newest stamp that a new stream has told again so far. */
  #again = 0;
  #replays = false;
  #rest: Buffer = Buffer.alloc(0);
  #told = 0;

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  /** Whole lines so far. */
  get told(): number {
    return this.#told;
  }

  /** For the parameter `sinceTime`; undefined: from the beginning. */
  get since(): string | undefined {
    return this.#stamp === "" ? undefined : this.#stamp.replace(/\.\d+/, "");
  }

  begin(): void {
    this.#again = 0;
    this.#replays = this.#stamp !== "";
    this.#rest = Buffer.alloc(0);
  }

  take(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline)) {
      this.#line(bytes.subarray(0, end + 1));
      bytes = bytes.subarray(end + 1);
    }
    this.#rest = bytes;
  }

  /** The stream ended well: a last line may have no end. */
  end(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) this.#line(rest);
  }

  /** What came of a line that was not finished comes again. */
  breakOff(): void {
    this.#rest = Buffer.alloc(0);
  }

  #line(line: Buffer): void {
    const gap = line.subarray(0, longestStamp).indexOf(space);
    const stamp = gap === -1 ? "" : line.toString("latin1", 0, gap);
    if (!/^\d{4}-\d\d-\d\dT/.test(stamp)) {
      // Not a line of the container: the node's own note, such as that the log file was turned over.
      this.#tell(line);
      return;
    }
    if (this.#replayed(stamp)) return;
    this.#alike = compareStamps(stamp, this.#stamp) === 0 ? this.#alike + 1 : 1;
    this.#stamp = stamp;
    this.#tell(line.subarray(gap + 1));
  }

  /** Whether an earlier stream told this line. Outside a replay nothing is left out: two outputs may overtake each other. */
  #replayed(stamp: string): boolean {
    if (!this.#replays) return false;
    const order = compareStamps(stamp, this.#stamp);
    if (order < 0) return true;
    if (order === 0 && this.#again < this.#alike) {
      this.#again++;
      return true;
    }
    this.#replays = false;
    return false;
  }

  #tell(line: Buffer): void {
    this.#told++;
    this.#write(line);
  }
}

/** Fractions have as many digits as they need, so they are not compared as texts. */
function compareStamps(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  if (left.second !== right.second) return left.second < right.second ? -1 : 1;
  if (left.fraction === right.fraction) return 0;
  return left.fraction < right.fraction ? -1 : 1;
}

function parts(stamp: string): { second: string; fraction: string } {
  const [, second = "", fraction = ""] = /^([^.Z+]*)(?:\.(\d+))?/.exec(stamp) ?? [];
  return { second, fraction: fraction.padEnd(9, "0") };
}
