import { ChecksError } from "../errors.ts";
import type { JsonObject } from "../json/json.ts";
import type { JsonReader } from "../json/json-reader.ts";
import { rangesOf, readRanges } from "./position-ranges.ts";
import type { ClosedWindow, StreamWindows, WindowItem, WindowsState } from "./window.ts";

/** Settings of `countWindows`. */
export interface CountWindowOptions {
  /** Records in a window, 1 to 10,000,000. */
  readonly size: number;
  /** Records from the start of one window to the next; default `size`: no record is in two windows. */
  readonly slide?: number;
}

interface Memory {
  /** Records so far. */
  seen: number;
  number: number;
  /** Of the records from the start of the next window on. */
  positions: number[];
  last: number;
}

/**
 * Windows of so many records each: tumbling, or sliding when `slide` is less than `size`.
 *
 * ```ts
 * import { countWindows } from "@scanflow/checks/stream";
 *
 * const windows = countWindows({ size: 3, slide: 2 });
 * for (let position = 1; position <= 5; position += 1) {
 *   for (const closed of windows.add({ position, timeMs: 0 })) console.log(closed.positions); // [1, 2, 3], [3, 4, 5]
 * }
 * ```
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function countWindows(options: CountWindowOptions): StreamWindows {
  return new CountWindows(options, { seen: 0, number: 0, positions: [], last: -1 });
}

export function resumeCountWindows({
  options,
  memory,
  read,
}: {
  readonly options: JsonObject;
  readonly memory: JsonObject;
  readonly read: JsonReader;
}): StreamWindows {
  const size = read.whole(options.size, "options.size");
  const slide = read.whole(options.slide, "options.slide");
  return new CountWindows(
    { size, slide },
    {
      seen: read.whole(memory.seen, "memory.seen"),
      number: read.whole(memory.number, "memory.number"),
      positions: readRanges(memory.positions, read, size),
      last: read.finite(memory.last, "memory.last"),
    },
  );
}

class CountWindows implements StreamWindows {
  readonly #size: number;
  readonly #slide: number;
  readonly #memory: Memory;

  constructor({ size, slide = size }: CountWindowOptions, memory: Memory) {
    need("size", size);
    need("slide", slide);
    this.#size = size;
    this.#slide = slide;
    this.#memory = memory;
  }

  add({ position }: WindowItem): readonly ClosedWindow[] {
    const memory = this.#memory;
    needRising(position, memory.last);
    memory.last = position;
    memory.seen += 1;
    const start = memory.number * this.#slide;
    if (memory.seen > start) memory.positions.push(position);
    if (memory.seen < start + this.#size) return [];
    const positions = memory.positions.slice();
    memory.positions.splice(0, this.#slide);
    memory.number += 1;
    return [{ number: memory.number - 1, positions, startMs: null, endMs: null, late: 0 }];
  }

  late(): { readonly records: number; readonly newestMs: null } {
    return { records: 0, newestMs: null };
  }

  oldest(): number | null {
    return this.#memory.positions[0] ?? null;
  }

  state(): WindowsState {
    const { seen, number, positions, last } = this.#memory;
    return {
      version: 1,
      windows: "count",
      options: { size: this.#size, slide: this.#slide },
      memory: { seen, number, positions: rangesOf(positions), last },
    };
  }
}

function need(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= 10_000_000) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `countWindows: "${name}" is ${value}: give a whole number of records from 1 to 10000000.`,
  );
}

/** @throws ChecksError SCANFLOW_STREAM_VALUE_INVALID */
export function needRising(position: number, last: number): void {
  if (Number.isSafeInteger(position) && position >= 0 && position > last) return;
  throw new ChecksError(
    "SCANFLOW_STREAM_VALUE_INVALID",
    `A window was given the position ${position} after ${last}: give whole numbers from 0 on that rise from record to record.`,
  );
}
