import { ChecksError } from "../errors.ts";

/** Known ways to write a text, the narrowest first. */
const FORMS: Readonly<Record<string, RegExp>> = {
  integer: /^[+-]?\d+$/,
  number: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  time: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/,
  uuid: /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
  email: /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/,
  url: /^https?:\/\/[^\s/]+\S*$/,
};

/** Longer texts are not looked at: no text that is written as something known is as long. */
const LONGEST = 2_000;

/**
 * Whether a text is written as a pattern says.
 *
 * @param pattern the name of a known form, or a regular expression that may match anywhere
 * @throws ChecksError SCANFLOW_SCHEMA_INVALID when it is neither
 */
export function matcherOf(pattern: string): (text: string) => boolean {
  const expression = Object.hasOwn(FORMS, pattern) ? (FORMS[pattern] as RegExp) : compile(pattern);
  return (text) => text.length <= LONGEST && expression.test(text);
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (cause) {
    throw new ChecksError(
      "SCANFLOW_SCHEMA_INVALID",
      `The schema: "pattern" is ${JSON.stringify(pattern)}, which is no regular expression: ` +
        `mend it, or give one of ${Object.keys(FORMS).join(", ")}.`,
      { cause },
    );
  }
}

/** The narrowest known form that nearly all of the texts have; null when there is none. @param texts each with its rows */
export function learnPattern(
  texts: readonly (readonly [text: string, rows: number])[],
): { readonly pattern: string; readonly unmatched: number; readonly rows: number } | null {
  const rows = texts.reduce((sum, [, own]) => sum + own, 0);
  for (const [pattern, expression] of Object.entries(FORMS)) {
    const unmatched = texts.reduce((sum, [text, own]) => sum + (expression.test(text) ? 0 : own), 0);
    if (rows > 0 && unmatched <= rows / 200) return { pattern, unmatched, rows };
  }
  return null;
}
