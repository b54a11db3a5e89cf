import { ChecksError } from "../errors.ts";
import { shown } from "../json/json-reader.ts";

interface NumberRule {
  readonly kind: "number" | "whole";
  readonly fallback: number | null;
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
}

interface ChoiceRule {
  readonly kind: "choice";
  readonly fallback: string;
  readonly of: readonly string[];
}

/** What an option may be, and what it is when it is not given. */
export type OptionRule = NumberRule | ChoiceRule;

export type OptionRules<Options extends object> = { readonly [Name in keyof Options]-?: OptionRule };

/** Reads a detector's options, which may come from a file. @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID */
export function readDetectorOptions<Options extends object>(
  detector: string,
  rules: OptionRules<Options>,
  given: Readonly<Record<string, unknown>>,
): Options {
  const names = Object.keys(rules);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) fail(detector, unknown, `is no option of it: use ${names.join(", ")}`);
  const entries = Object.entries<OptionRule>(rules).map(([name, rule]) => {
    const value = given[name] ?? rule.fallback;
    if (value === null || holds(rule, value)) return [name, value];
    return fail(detector, name, `is ${shown(value)}: give ${wanted(rule)}`);
  });
  return Object.fromEntries(entries) as Options;
}

function holds(rule: OptionRule, value: unknown): boolean {
  if (rule.kind === "choice") return rule.of.includes(value as string);
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (rule.kind === "whole" && !Number.isSafeInteger(value)) return false;
  const { from = -Infinity, above = -Infinity, to = Infinity, below = Infinity } = rule;
  return value >= from && value > above && value <= to && value < below;
}

function wanted(rule: OptionRule): string {
  if (rule.kind === "choice") return `one of ${rule.of.join(", ")}`;
  const bounds = [
    rule.from === undefined ? null : `from ${rule.from}`,
    rule.above === undefined ? null : `above ${rule.above}`,
    rule.to === undefined ? null : `to ${rule.to}`,
    rule.below === undefined ? null : `below ${rule.below}`,
  ].filter((bound) => bound !== null);
  return [rule.kind === "whole" ? "a whole number" : "a number", ...bounds].join(" ");
}

function fail(detector: string, option: string, problem: string): never {
  const message = `The stream detector "${detector}": "${option}" ${problem}.`;
  throw new ChecksError("SCANFLOW_CHECK_OPTION_INVALID", message);
}
