import { ChecksError } from "../errors.ts";
import type { JsonObject } from "../json/json.ts";
import { type JsonReader, shown } from "../json/json-reader.ts";
import { type OptionRules, readDetectorOptions } from "./detector-options.ts";
import type { DetectorState, StreamDetector, StreamDetectorName, StreamStatus } from "./stream-detector.ts";

/** What sets one detector apart from another: how its memory begins and what a record does to it. */
export interface DetectorKind<Options extends object, Memory extends object> {
  readonly name: StreamDetectorName;
  readonly options: OptionRules<Options>;
  /** Which values a stream may hold: any finite number whose square is one, or 1 for an error and 0 for none. */
  readonly values: "finite" | "error";
  start(options: Options): Memory;
  step(memory: Memory, value: number, options: Options): StreamStatus;
  figures(memory: Memory): Record<string, number>;
  save(memory: Memory): JsonObject;
  load(saved: JsonObject, options: Options, read: JsonReader): Memory;
  /** Says which options do not go together. */
  conflict?(options: Options): string | null;
  /** The memory with which it goes on after an alarm; that of a new one when left out. */
  restart?(memory: Memory, options: Options): Memory;
}

/** Squares of larger numbers overflow, and a detector whose sums are no numbers never alarms again. */
const LARGEST = 1e150;

/** Makes a new detector. @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID */
export function createDetector<Options extends object, Memory extends object>(
  kind: DetectorKind<Options, Memory>,
  given: Readonly<Record<string, unknown>>,
): StreamDetector {
  const options = readOptions(kind, given);
  return new RunningDetector(kind, options, { memory: kind.start(options), alarmed: false });
}

/** Makes a detector go on from where it was saved; `read` tells of a state that is broken. */
export function resumeDetector<Options extends object, Memory extends object>(
  kind: DetectorKind<Options, Memory>,
  state: JsonObject,
  read: JsonReader,
): StreamDetector {
  const options = readOptions(kind, read.object(state.options, "options"));
  const memory = kind.load(read.object(state.memory, "memory"), options, read);
  if (typeof state.alarmed !== "boolean") read.fail("alarmed", state.alarmed, "true or false");
  return new RunningDetector(kind, options, { memory, alarmed: state.alarmed });
}

function readOptions<Options extends object, Memory extends object>(
  kind: DetectorKind<Options, Memory>,
  given: Readonly<Record<string, unknown>>,
): Options {
  if (typeof given !== "object" || given === null) {
    const message = `The options of the stream detector "${kind.name}" are ${shown(given)}: give an object.`;
    throw new ChecksError("SCANFLOW_CHECK_OPTION_INVALID", message);
  }
  const options = readDetectorOptions(kind.name, kind.options, given);
  const conflict = kind.conflict?.(options) ?? null;
  if (conflict === null) return options;
  const message = `The stream detector "${kind.name}": ${conflict}.`;
  throw new ChecksError("SCANFLOW_CHECK_OPTION_INVALID", message);
}

class RunningDetector<Options extends object, Memory extends object> implements StreamDetector {
  readonly name: StreamDetectorName;
  readonly #kind: DetectorKind<Options, Memory>;
  readonly #options: Options;
  #memory: Memory;
  #alarmed: boolean;

  constructor(
    kind: DetectorKind<Options, Memory>,
    options: Options,
    { memory, alarmed }: { memory: Memory; alarmed: boolean },
  ) {
    this.name = kind.name;
    this.#kind = kind;
    this.#options = options;
    this.#memory = memory;
    this.#alarmed = alarmed;
  }

  update(value: number): StreamStatus {
    const kind = this.#kind;
    const number = typeof value === "number" && Math.abs(value) <= LARGEST;
    const known = kind.values === "finite" ? number : value === 0 || value === 1;
    if (!known) refuse(kind.name, value, kind.values);
    if (this.#alarmed) {
      this.#memory = kind.restart?.(this.#memory, this.#options) ?? kind.start(this.#options);
    }
    const status = kind.step(this.#memory, value, this.#options);
    this.#alarmed = status === "alarm";
    return status;
  }

  figures(): Record<string, number> {
    return this.#kind.figures(this.#memory);
  }

  state(): DetectorState {
    return {
      version: 1,
      detector: this.name,
      options: { ...this.#options } as JsonObject,
      alarmed: this.#alarmed,
      memory: this.#kind.save(this.#memory),
    };
  }
}

function refuse(name: string, value: unknown, wanted: "finite" | "error"): never {
  const action =
    wanted === "finite"
      ? `It takes finite numbers of at most ${LARGEST}: leave the record out, or check the column for missing values first.`
      : "It takes 1 for a wrong prediction and 0 for a right one.";
  throw new ChecksError(
    "SCANFLOW_STREAM_VALUE_INVALID",
    `The stream detector "${name}" was given ${value === undefined ? "nothing" : shown(value)}. ${action}`,
  );
}
