import { pathToFileURL } from "node:url";
import { longestResult } from "../contract/longest-result.ts";
import type { StepContext } from "../step.ts";
import { codedFailure, errorText } from "./error-text.ts";
import type { StepResult } from "./messages.ts";

export interface StepFunction {
  /** Absolute path of the module, and the name of the function that it exports. */
  readonly module: string;
  readonly export: string;
}

/** Loads a step's module and calls its function. Throws what the function throws; `unloaded` hears what loading did. */
export async function performStep(
  { module, export: name }: StepFunction,
  context: StepContext,
  unloaded: (error: unknown) => void = () => {},
): Promise<StepResult> {
  const exports: Record<string, unknown> = await import(pathToFileURL(module).href).catch((error) => {
    unloaded(error);
    throw error;
  });
  const step = exports[name];
  if (typeof step !== "function") {
    const functions = Object.keys(exports).filter((one) => typeof exports[one] === "function");
    return { kind: "no-export", exports: functions };
  }
  return judge(await step(context));
}

function judge(value: unknown): StepResult {
  if (value === undefined) return { kind: "returned", json: "{}" };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      kind: "bad-result",
      what: `is ${value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`}, not an object`,
    };
  }
  try {
    const json = JSON.stringify(value);
    if (json.length <= longestResult) return { kind: "returned", json };
    return { kind: "bad-result", what: `is larger than 1 MiB (${json.length} characters)` };
  } catch (error) {
    return {
      kind: "bad-result",
      what: `is not JSON (${error instanceof Error ? error.message : String(error)})`,
    };
  }
}

/** What became of a step that threw. */
export function thrownBy(thrown: unknown, root: string): StepResult {
  return { kind: "thrown", stack: errorText(thrown, root), coded: codedFailure(thrown, root) };
}
