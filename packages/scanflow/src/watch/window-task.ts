import { type ColumnBatch, type Dataset, datasetOf, type JsonObject, type Verdict } from "@scanflow/checks";
import { type ClosedWindow, coolDown, restoreWindows, type StreamWindows } from "@scanflow/checks/stream";
import { rowsToBatch, type StreamConsumer, type StreamLog, type StreamTask } from "../data/stream/index.ts";
import { asJson } from "./as-json.ts";
import { lateRecords } from "./late-records.ts";
import { settled } from "./settled.ts";

/** What a window was found to be. */
export interface Judged {
  readonly verdict: Pick<Verdict, "status" | "kind" | "message" | "columns">;
  /** What each checker said. */
  readonly checks: readonly object[];
}

export interface WindowTaskOptions {
  readonly log: StreamLog;
  readonly consumer: StreamConsumer;
  /** New windows, for a consumer that is new. */
  readonly windows: StreamWindows;
  /**
   * Judges a window. It must give the same verdict for the same window and number, since it is asked again after a
   * crash.
   *
   * @param number which no other window has: for the seed of its chance
   */
  readonly judge: (window: Dataset, number: number) => Promise<Judged>;
  /** For how many windows an alarm keeps others from being told; default 0. */
  readonly coolDownWindows?: number;
  /** Only these columns; all when left out. */
  readonly columns?: readonly string[] | undefined;
  /** Columns that hold moments as texts. */
  readonly times?: ReadonlySet<string>;
  /** What else the verdicts hang on, such as the checkers' names and params. */
  readonly settings?: JsonObject;
}

/**
 * Cuts a stream into windows and puts out a verdict of each, and one of records of which a hundred in a row come too
 * late for any. Errors: SCANFLOW_STREAM_SETTINGS, and those of `judge`.
 */
export function windowTask(options: WindowTaskOptions): StreamTask {
  const { log, consumer, judge, coolDownWindows = 0, columns, times } = options;
  const { windows: kind, options: cut } = options.windows.state();
  const settings: JsonObject = { windows: kind, ...cut, coolDownWindows, ...options.settings };
  const saved = settled(consumer, settings);
  const windows = saved === null ? options.windows : restoreWindows(saved.windows);
  const late = lateRecords(windows.late().records, Number(saved?.lateInRow ?? 0));
  const cooling = coolDown({ windows: coolDownWindows, state: Number(saved?.quiet ?? 0) });

  async function judged(closed: ClosedWindow): Promise<JsonObject> {
    const records = await log.recordsAt(consumer.stream, closed.positions);
    const id = `${consumer.stream}/${consumer.name}/${closed.number}`;
    const rows = records.map(({ values }) => values);
    const batch = pick(rowsToBatch(rows, times), columns);
    const { verdict, checks } = await judge(datasetOf(`window ${closed.number}`, batch), closed.number);
    const { number, startMs, endMs, late } = closed;
    return {
      id,
      window: {
        ...{ number, records: records.length, startMs, endMs, late },
        ...{ firstId: records[0]?.id ?? null, lastId: records.at(-1)?.id ?? null },
      },
      verdict: asJson(verdict),
      checks: checks as readonly JsonObject[],
      told: cooling.tells(verdict.status),
    };
  }

  return {
    async take({ position, id, timeMs }) {
      const outputs: JsonObject[] = [];
      for (const closed of windows.add({ position, timeMs })) outputs.push(await judged(closed));
      const verdict = late.seen(windows);
      if (verdict !== null) {
        outputs.push({
          id: `${consumer.stream}/${consumer.name}/late-${position}`,
          record: { position, id, timeMs },
          verdict: asJson(verdict),
          told: true,
        });
      }
      return outputs;
    },
    needed: () => windows.oldest(),
    state: () => ({
      settings,
      task: {
        windows: asJson(windows.state()),
        quiet: cooling.state(),
        lateInRow: late.row(),
      },
    }),
  };
}

function pick(batch: ColumnBatch, names: readonly string[] | undefined): ColumnBatch {
  if (names === undefined) return batch;
  return { rows: batch.rows, columns: batch.columns.filter(({ name }) => names.includes(name)) };
}
