import type { JsonObject, JsonValue, Verdict } from "@scanflow/checks";
import { restoreDetector, type StreamStatus, streamDetector } from "@scanflow/checks/stream";
import type { StreamConsumer, StreamRecord, StreamTask } from "../data/stream/index.ts";
import { asJson } from "./as-json.ts";
import { settled } from "./settled.ts";

export interface DetectorTaskOptions {
  readonly consumer: StreamConsumer;
  /** Name of a stream detector, such as `adwin`. */
  readonly detector: string;
  /** Its options. */
  readonly options?: JsonObject;
  /** The column that it watches: numbers, or true and false for a detector of errors. */
  readonly column: string;
}

/** So many records without a value in the column: it may not be one of the stream. */
const UNSEEN = 10;

/**
 * Watches one column record by record; puts out a verdict with each alarm, with the first of a row of warnings, and
 * with the first of a row of values that are no numbers. Records without a value are left out; a column that none of
 * the first records has is told once, since it may be misspelt.
 * Errors: SCANFLOW_STREAM_SETTINGS, SCANFLOW_CHECK_OPTION_INVALID.
 */
export function detectorTask({
  consumer,
  detector: name,
  options = {},
  column,
}: DetectorTaskOptions): StreamTask {
  const settings: JsonObject = { detector: name, column, ...options };
  const fresh = streamDetector(name, options);
  const saved = settled(consumer, settings);
  const detector = saved === null ? fresh : restoreDetector(saved.detector);
  let last = (saved?.last ?? "ok") as StreamStatus | "invalid";
  let told = Number(saved?.told ?? 0);
  /** Records so far without a value, while there was none with one; null since then. */
  let absent = saved === null ? 0 : ((saved.absent ?? null) as number | null);

  function judge(value: JsonValue): { status: StreamStatus | "invalid"; problem: string | null } {
    const number = typeof value === "boolean" ? Number(value) : value;
    if (typeof number !== "number") {
      const shown = JSON.stringify(value).slice(0, 60);
      return {
        status: "invalid",
        problem: `it is ${shown}, no number. Name a column of numbers, or mend its source.`,
      };
    }
    try {
      return { status: detector.update(number), problem: null };
    } catch (error) {
      return { status: "invalid", problem: error instanceof Error ? error.message : String(error) };
    }
  }

  function output(record: StreamRecord, verdict: Omit<Verdict, "kind" | "columns">): JsonObject {
    const id = `${consumer.stream}/${consumer.name}/${told}`;
    told += 1;
    const { position, id: recordId, timeMs } = record;
    return {
      id,
      record: { position, id: recordId, timeMs },
      verdict: asJson({ ...verdict, kind: "drift", columns: [column] }),
      told: verdict.status === "alarm",
    };
  }

  function found(alarm: boolean, id: string): string {
    if (!alarm) return `"${column}" may be changing at record ${id}, says ${name}.`;
    return `"${column}" is no longer what it was at record ${id}, says ${name}. See what has changed in its source, then check the model on labelled records since.`;
  }

  function unjudged(problem: string, id: string): string {
    return `"${column}" of record ${id} was left out: ${problem}`;
  }

  function unseen(record: StreamRecord): JsonObject[] {
    if (absent === null) return [];
    absent += 1;
    if (absent !== UNSEEN) return [];
    const there = Object.keys(record.values).slice(0, 20).join(", ");
    const message = `None of the first ${UNSEEN} records has a value in "${column}". Name one of ${there}, or see what fills it.`;
    return [output(record, { status: "invalid", message, evidence: {} })];
  }

  return {
    async take(record) {
      const value = record.values[column];
      if (value === undefined || value === null) return unseen(record);
      absent = null;
      const before = last;
      const { status, problem } = judge(value);
      last = status;
      if (status === "ok" || (status === before && status !== "alarm")) return [];
      const figures = detector.figures();
      const message = problem === null ? found(status === "alarm", record.id) : unjudged(problem, record.id);
      return [output(record, { status, message, evidence: { [column]: { detector: name, ...figures } } })];
    },
    needed: () => null,
    state: () => ({
      settings,
      task: { detector: asJson(detector.state()), last, told, absent },
    }),
  };
}
