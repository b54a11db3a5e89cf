import type { Checker } from "./checker.ts";

/** A checker that can be asked for by its name. */
export interface BuiltIn {
  /** What it judges, in a line. */
  readonly description: string;
  /** What may stand in its params, by name. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether there is anything to judge without a reference. */
  readonly needsReference: boolean;
  /** Whether it asks a predictor: then further files, such as a model, are the predictor's. */
  readonly asksPredictor?: true;
  /** Brings its code in. */
  readonly load: () => Promise<Checker>;
}
