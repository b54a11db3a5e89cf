import type { JsonObject } from "../json/json.ts";

/** A record as windows see it: where it lies in its stream, and when what it tells of happened. */
export interface WindowItem {
  /** Rises from record to record; gaps are fine. */
  readonly position: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly timeMs: number;
}

/** A window that is full: nothing will be added to it. */
export interface ClosedWindow {
  /** Counts the windows of a stream from 0. */
  readonly number: number;
  /** Of its records, rising. */
  readonly positions: readonly number[];
  /** Of a window of time: from when, and until before when; else null. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** Records that came too late for their windows, since the window before. */
  readonly late: number;
}

/**
 * Cuts a stream into windows. It keeps positions, not records: whoever has the stream reads these again when a window
 * closes. The same records give the same windows, wherever it was saved and restored in between.
 */
export interface StreamWindows {
  /**
   * Takes the next record; the windows that close with it, the earliest first.
   *
   * @throws ChecksError SCANFLOW_STREAM_VALUE_INVALID for a position that does not rise, and a time that is none
   */
  add(item: WindowItem): readonly ClosedWindow[];
  /** Records that came too late since the last window closed, and the latest time of all, which they were behind. */
  late(): { readonly records: number; readonly newestMs: number | null };
  /** The lowest position that an open window still needs; null when there is none. */
  oldest(): number | null;
  /** All of it as plain JSON, for `restoreWindows`. */
  state(): WindowsState;
}

/** Windows at rest. */
export interface WindowsState {
  readonly version: 1;
  readonly windows: "count" | "time";
  readonly options: JsonObject;
  readonly memory: JsonObject;
}
