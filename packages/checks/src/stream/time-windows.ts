import { ChecksError } from "../errors.ts";
import type { JsonObject } from "../json/json.ts";
import type { JsonReader } from "../json/json-reader.ts";
import { needRising } from "./count-windows.ts";
import type { ClosedWindow, StreamWindows, WindowItem, WindowsState } from "./window.ts";

/** Settings of `timeWindows`. */
export interface TimeWindowOptions {
  /** How long a window is, in milliseconds, 1 or more. */
  readonly sizeMs: number;
  /** From the start of one window to the next, at most `sizeMs`; default `sizeMs`: no record is in two windows. */
  readonly slideMs?: number;
  /** How much later than the newest record so far one may come and still be counted; default 0. */
  readonly latenessMs?: number;
}

interface Memory {
  number: number;
  late: number;
  /** The latest time so far; null before the first record. */
  newest: number | null;
  last: number;
  items: WindowItem[];
}

/**
 * Windows of time, by when what the records tell of happened. A window closes when a record is `latenessMs` newer
 * than its end: until then records may come in any order. A window in which nothing happened is left out. Windows
 * start at multiples of `slideMs` since 1970-01-01 UTC.
 *
 * Nothing closes while no record comes: no clock is asked, so that the same records give the same windows.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID
 */
export function timeWindows(options: TimeWindowOptions): StreamWindows {
  return new TimeWindows(options, { number: 0, late: 0, newest: null, last: -1, items: [] });
}

export function resumeTimeWindows({
  options,
  memory,
  read,
}: {
  readonly options: JsonObject;
  readonly memory: JsonObject;
  readonly read: JsonReader;
}): StreamWindows {
  const items = read.list(memory.items, "memory.items").map((item, index) => {
    const path = `memory.items[${index}]`;
    const [position, timeMs] = read.list(item, path);
    return { position: read.whole(position, path), timeMs: read.finite(timeMs, path) };
  });
  return new TimeWindows(
    {
      sizeMs: read.whole(options.sizeMs, "options.sizeMs"),
      slideMs: read.whole(options.slideMs, "options.slideMs"),
      latenessMs: read.whole(options.latenessMs, "options.latenessMs"),
    },
    {
      number: read.whole(memory.number, "memory.number"),
      late: read.whole(memory.late, "memory.late"),
      newest: memory.newest === null ? null : read.finite(memory.newest, "memory.newest"),
      last: read.finite(memory.last, "memory.last"),
      items,
    },
  );
}

class TimeWindows implements StreamWindows {
  readonly #options: Required<TimeWindowOptions>;
  readonly #memory: Memory;

  constructor({ sizeMs, slideMs = sizeMs, latenessMs = 0 }: TimeWindowOptions, memory: Memory) {
    need("sizeMs", sizeMs, { from: 1, to: Number.MAX_SAFE_INTEGER });
    need("slideMs", slideMs, { from: 1, to: sizeMs });
    need("latenessMs", latenessMs, { from: 0, to: Number.MAX_SAFE_INTEGER });
    this.#options = { sizeMs, slideMs, latenessMs };
    this.#memory = memory;
  }

  add({ position, timeMs }: WindowItem): readonly ClosedWindow[] {
    const memory = this.#memory;
    needRising(position, memory.last);
    needTime(timeMs);
    memory.last = position;
    const open = this.#firstOpen();
    if (timeMs < open) {
      memory.late += 1;
      return [];
    }
    memory.items.push({ position, timeMs });
    memory.newest = Math.max(memory.newest ?? timeMs, timeMs);
    return this.#firstOpen() > open ? this.#close(open) : [];
  }

  late(): { readonly records: number; readonly newestMs: number | null } {
    return { records: this.#memory.late, newestMs: this.#memory.newest };
  }

  oldest(): number | null {
    return this.#memory.items[0]?.position ?? null;
  }

  state(): WindowsState {
    const { number, late, newest, last, items } = this.#memory;
    return {
      version: 1,
      windows: "time",
      options: { ...this.#options },
      memory: {
        number,
        late,
        newest,
        last,
        items: items.map(({ position, timeMs }) => [position, timeMs] as const),
      },
    };
  }

  /** The start of the first window that the newest record has left open. */
  #firstOpen(): number {
    const { newest } = this.#memory;
    return newest === null ? Number.NEGATIVE_INFINITY : this.#firstWith(newest - this.#options.latenessMs);
  }

  /** The start of the first window that ends after a time. */
  #firstWith(timeMs: number): number {
    const { sizeMs, slideMs } = this.#options;
    return (Math.floor((timeMs - sizeMs) / slideMs) + 1) * slideMs;
  }

  #close(from: number): ClosedWindow[] {
    const memory = this.#memory;
    const { sizeMs, slideMs } = this.#options;
    const open = this.#firstOpen();
    const closed: ClosedWindow[] = [];
    let start = from;
    for (;;) {
      const earliest = memory.items.reduce((least, { timeMs }) => Math.min(least, timeMs), Infinity);
      start = Math.max(start, this.#firstWith(earliest));
      if (start >= open) return closed;
      const end = start + sizeMs;
      const positions = memory.items.filter(({ timeMs }) => timeMs < end).map((item) => item.position);
      closed.push({ number: memory.number, positions, startMs: start, endMs: end, late: memory.late });
      memory.number += 1;
      memory.late = 0;
      start += slideMs;
      memory.items = memory.items.filter(({ timeMs }) => timeMs >= start);
    }
  }
}

function need(name: string, value: number, { from, to }: { from: number; to: number }): void {
  if (Number.isSafeInteger(value) && value >= from && value <= to) return;
  throw new ChecksError(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `timeWindows: "${name}" is ${value}: give a whole number of milliseconds from ${from} to ${to}.`,
  );
}

function needTime(timeMs: number): void {
  if (Number.isFinite(timeMs) && Math.abs(timeMs) <= 8.64e15) return;
  throw new ChecksError(
    "SCANFLOW_STREAM_VALUE_INVALID",
    `A window was given the time ${timeMs}: give milliseconds since 1970-01-01 UTC.`,
  );
}
