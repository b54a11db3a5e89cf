import type { ModelRoles } from "../answers/model-roles.ts";
import type { ColumnBatch } from "../batch/column-batch.ts";
import type { JsonObject } from "../json/json.ts";
import type { OnnxRuntime } from "../onnx/runtime.ts";
import type { Profile } from "../profile/profile.ts";
import type { Random } from "../random/random.ts";
import type { Signal } from "../signal.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** A table to judge, or to judge by: its rows, or the profile that was kept of them. */
export interface Dataset {
  /** For messages: a file's name, or which window of a stream. */
  readonly name: string;
  /** Reads the rows from the start, as often as asked; null when only a profile was kept. */
  readonly batches: (() => AsyncIterable<ColumnBatch>) | null;
  /** The summary, made in one pass on first use and then kept. @param like whose frozen bins to count in */
  profile(like?: Profile): Promise<Profile>;
}

/** What a checker may use beside the data. */
export interface CheckContext {
  /** Of the checker in this workflow or command: for messages. */
  readonly name: string;
  /** Its settings, untrusted: a checker reads them with the same care as data. */
  readonly params: JsonObject;
  /** A stream of chance of the checker's own; the same seed gives the same verdict. */
  readonly random: (stream: string) => Random;
  /** Aborted when the check is no longer wanted. */
  readonly signal: Signal;
  /** What computes networks, where the program has it: `createOnnxRuntime` of `scanflow`, say. */
  readonly onnx?: OnnxRuntime;
  /** Reads a file that the params name, such as a saved detector, where the program can. */
  readonly readFile?: (path: string) => Promise<Uint8Array>;
  /**
   * Opens a model that the params name, such as a command or a module, where the program can.
   *
   * @param roles what its answers are to be called, where the model has no names for them itself
   */
  readonly openPredictor?: (how: string, roles: ModelRoles) => Promise<PredictRows>;
  /** A clock in milliseconds, for what measures how long a model takes. */
  readonly now?: () => number;
}

/** A model as a function of typed rows: one row of answers for each row asked, in columns that have names. */
export type PredictRows = (rows: ColumnBatch) => Promise<ColumnBatch>;

/**
 * Judges a window of data against a reference. Every built-in is one, and a plug-in is a file whose default export
 * is one. Bad data is a verdict `invalid`; wrong params are an error with a code.
 *
 * @param reference null when none was given
 */
export type Checker = (
  window: Dataset,
  reference: Dataset | null,
  context: CheckContext,
) => Verdict | Promise<Verdict>;
