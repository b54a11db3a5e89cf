import { gravest, type JsonObject, type VerdictStatus } from "@scanflow/checks";
import { countWindows, type StreamWindows, timeWindows } from "@scanflow/checks/stream";
import type { z } from "zod";
import {
  followStream,
  type StreamConsumer,
  type StreamLog,
  type StreamTask,
} from "../../data/stream/index.ts";
import { calibratedOptions, detectorTask, windowJudge, windowTask } from "../../watch/index.ts";
import type { Call } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { untilInterrupted } from "../interrupt.ts";
import { unknownStream, withStreams } from "../stream/open-streams.ts";
import { codedUsageError } from "../usage-error.ts";
import { chosenSpecs, readParams } from "./check-specs.ts";
import { pathOf } from "./data-path.ts";
import type { readingShape } from "./reading-options.ts";
import { dataOptions } from "./reading-options.ts";
import { STATUS_EXIT } from "./status-exit.ts";
import type { streamShape } from "./stream-options.ts";
import { tellVerdict } from "./stream-view.ts";

type Shape = typeof streamShape & typeof readingShape;
export interface StreamOptions extends Omit<z.output<z.ZodObject<Shape>>, "stream"> {
  readonly stream: string;
  readonly current?: string | undefined;
  readonly reference?: string | undefined;
  readonly check?: readonly string[] | undefined;
  readonly schema?: string | undefined;
  readonly modelTests?: string | undefined;
  readonly params?: string | undefined;
  readonly file: readonly string[];
  readonly html?: string | undefined;
  readonly seed: number;
  readonly timeout: number;
}

const PAGE = 1000;

/** Judges a stream as its records come, or prints what was found before. */
export async function checkStream(call: Call, options: StreamOptions): Promise<ExitCode> {
  const { stream, store, verdicts, fromEnd, once } = options;
  refuseMixed(options);
  const name = options.name ?? nameOf(options, call);
  return withStreams(call, store, async (log) => {
    if (verdicts) return printKept(call, log, { stream, name });
    if (!(await log.has(stream))) {
      if (once) throw unknownStream(stream);
      call.output.note(`There is no stream "${stream}" yet; waiting for its first record.`);
    }
    let worst: VerdictStatus = "ok";
    let found = 0;
    const ended = await untilInterrupted(async (signal) => {
      const begin = await prepared(call, options, { log, signal });
      const consumer = await log.consumer(stream, name, fromEnd ? "end" : "start");
      await followStream(
        log,
        { consumer, task: begin(consumer) },
        {
          signal,
          end: once ? "caught-up" : "never",
          told: (output) => {
            worst = gravest([worst, tellVerdict(output, call.output)]);
            found += 1;
          },
        },
      );
      return true;
    });
    if (once && ended !== undefined && found === 0 && options.window !== undefined)
      call.output.note("No window has closed: its records wait for those that are to come after them.");
    return ended === undefined || !once ? EXIT.interrupted : STATUS_EXIT[worst];
  });
}

/** All that can be wrong is found before a consumer is made, for which the stream would keep its records. */
async function prepared(
  call: Call,
  options: StreamOptions,
  { log, signal }: { readonly log: StreamLog; readonly signal: AbortSignal },
): Promise<(consumer: StreamConsumer) => StreamTask> {
  const { seed, detector, column = "" } = options;
  const { directory } = call;
  const reference = options.reference === undefined ? null : pathOf(options.reference, directory);
  const reading = dataOptions(options);
  if (detector !== undefined) {
    const params = options.params === undefined ? {} : readParams(options.params);
    const found = await calibratedOptions({ detector, column, params, reference, reading, seed });
    return (consumer) => detectorTask({ consumer, detector, column, options: found });
  }
  const windows = windowsOf(options);
  const specs = chosenSpecs(options, directory);
  const { judge, times } = await windowJudge(
    specs,
    {
      reference,
      names: { reference: options.reference },
      options: reading,
      root: directory,
      seed,
      timeoutMs: options.timeout,
    },
    signal,
  );
  const { columns } = reading;
  const settings: JsonObject = {
    seed,
    reference: options.reference ?? null,
    columns: columns ?? null,
    checks: specs.map(({ check, params }) => ({ check, params })),
  };
  const coolDownWindows = options.coolDown;
  return (consumer) =>
    windowTask({ log, consumer, windows, judge, times, columns, coolDownWindows, settings });
}

function windowsOf({ window, slide, lateness }: StreamOptions): StreamWindows {
  if (window === undefined)
    throw codedUsageError("Say how large a window of the stream is: --window 500 or --window 10m.");
  if ("records" in window) {
    if (slide !== undefined && !("records" in slide)) throw mixed("a number of records", "--slide");
    if (lateness !== undefined) throw mixed("a number of records", "--lateness");
    return countWindows({ size: window.records, ...(slide ? { slide: slide.records } : {}) });
  }
  if (slide !== undefined && !("ms" in slide)) throw mixed("a time", "--slide");
  return timeWindows({
    sizeMs: window.ms,
    ...(slide ? { slideMs: slide.ms } : {}),
    ...(lateness === undefined ? {} : { latenessMs: lateness }),
  });
}

function mixed(unit: string, option: string): Error {
  return codedUsageError(`--window is ${unit}, and ${option} is not: give both in the same unit.`);
}

function refuseMixed(options: StreamOptions): void {
  const { current, html, detector, column, window } = options;
  if (current !== undefined)
    throw codedUsageError("Give --current or --stream, not both: either a file or a stream is judged.");
  if (html !== undefined)
    throw codedUsageError("A page cannot be written of a stream. Leave out --html, and see --verdicts.");
  if (detector === undefined && column !== undefined) throw codedUsageError("--column goes with --detector.");
  if (detector !== undefined && column === undefined)
    throw codedUsageError("Name the column that the detector watches: --column.");
  if (detector !== undefined && window !== undefined)
    throw codedUsageError("A detector takes record by record: leave out --window.");
  if (detector !== undefined && (options.check ?? options.schema ?? options.modelTests) !== undefined)
    throw codedUsageError(
      "A detector judges by itself: leave out --check, --schema and --model-tests, or give them without --detector.",
    );
}

/** By what it does, so that two checks of one stream keep their places apart. */
function nameOf(options: StreamOptions, { directory }: Call): string {
  const { detector, column = "" } = options;
  const parts =
    detector === undefined ? chosenSpecs(options, directory).map(({ name }) => name) : [detector, column];
  return parts
    .join("-")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 100);
}

async function printKept(
  { output }: Call,
  log: StreamLog,
  { stream, name }: { readonly stream: string; readonly name: string },
): Promise<ExitCode> {
  if (!(await log.has(stream))) throw unknownStream(stream);
  let after = -1;
  for (;;) {
    const kept = await log.outputs(stream, name, after, PAGE);
    for (const one of kept) tellVerdict(one.output, output);
    const last = kept.at(-1);
    if (last === undefined) break;
    after = last.number;
  }
  if (after === -1)
    output.note(
      `Nothing is kept of "${name}" on the stream "${stream}". See the names with "scanflow stream ls".`,
    );
  return EXIT.done;
}
