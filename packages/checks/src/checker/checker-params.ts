import type { JsonValue } from "../json/json.ts";
import { createJsonReader, type JsonReader } from "../json/json-reader.ts";
import type { CheckContext } from "./checker.ts";

/** A checker's params, read one by one; each method throws SCANFLOW_CHECK_OPTION_INVALID at the param. */
export interface CheckerParams {
  readonly read: JsonReader;
  /** What was given; undefined when nothing was. */
  given(name: string): JsonValue | undefined;
  text(name: string): string | undefined;
  needText(name: string): string;
  /** @param otherwise its default. @param range of it, both ends included */
  number(name: string, otherwise: number, range: readonly [low: number, high: number]): number;
  whole(name: string, otherwise: number, range: readonly [low: number, high: number]): number;
  choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice;
  texts(name: string): readonly string[] | undefined;
  wholes(name: string): readonly number[] | undefined;
  /** The last to call: throws at a param that was never asked for, such as a misspelt one. */
  refuseOthers(): void;
}

/** @param action what right params look like, as the last words of an error */
export function checkerParams(
  { name: checker, params }: Pick<CheckContext, "name" | "params">,
  action: string,
): CheckerParams {
  const read = createJsonReader(
    "SCANFLOW_CHECK_OPTION_INVALID",
    `The params of checker "${checker}"`,
    action,
  );
  const asked = new Set<string>();

  function given(name: string): JsonValue | undefined {
    asked.add(name);
    return Object.hasOwn(params, name) ? params[name] : undefined;
  }

  function text(name: string): string | undefined {
    return given(name) === undefined ? undefined : needText(name);
  }

  function needText(name: string): string {
    return read.text(given(name), name);
  }

  function number(name: string, otherwise: number, [low, high]: readonly [number, number]): number {
    const value = read.finite(given(name) ?? otherwise, name);
    return value >= low && value <= high ? value : read.fail(name, value, `a number from ${low} to ${high}`);
  }

  function whole(name: string, otherwise: number, [low, high]: readonly [number, number]): number {
    const value = read.finite(given(name) ?? otherwise, name);
    return Number.isSafeInteger(value) && value >= low && value <= high
      ? value
      : read.fail(name, value, `a whole number from ${low} to ${high}`);
  }

  function choice<Choice extends string>(
    name: string,
    choices: readonly Choice[],
    otherwise: Choice,
  ): Choice {
    return read.oneOf(choices, given(name) ?? otherwise, name);
  }

  function texts(name: string): readonly string[] | undefined {
    const value = given(name);
    if (value === undefined) return undefined;
    return read.list(value, name).map((one, at) => read.text(one, `${name}[${at}]`));
  }

  function wholes(name: string): readonly number[] | undefined {
    const value = given(name);
    if (value === undefined) return undefined;
    return read.list(value, name).map((one, at) => read.whole(one, `${name}[${at}]`));
  }

  function refuseOthers(): void {
    const other = Object.keys(params).find((name) => !asked.has(name));
    if (other !== undefined) read.fail(other, params[other], `a param of it: ${[...asked].join(", ")}`);
  }

  return { read, given, text, needText, number, whole, choice, texts, wholes, refuseOthers };
}
