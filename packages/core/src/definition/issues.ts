import type * as z from "zod";
import { nearest } from "../nearest.ts";
import { keysAt } from "./keys-at.ts";
import type { Path, Report } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** What a value must be: its schema, and where it stands. */
export interface Checking<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly path: Path;
  readonly report: Report;
}

/** What can be read, and the keys that had to be left out of it. */
export interface Formed<Value> {
  readonly value: Value;
  readonly broken: ReadonlySet<string>;
}

/**
 * The value as far as its form is that of the schema; everything wrong with it is reported. Keys with a wrong
 * value are left out, so that what else is wrong is found as well; undefined when the rest is no such value.
 */
export function checkForm<Schema extends z.ZodType>(
  value: unknown,
  checking: Checking<Schema>,
): Formed<z.infer<Schema>> | undefined {
  const parsed = checking.schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data, broken: new Set() };
  for (const issue of settled(parsed.error.issues)) reportIssue(issue, checking);
  if (typeof value !== "object" || value === null) return undefined;
  const broken = new Set(parsed.error.issues.flatMap(keysOf));
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !broken.has(key)));
  const again = checking.schema.safeParse(rest);
  return again.success ? { value: again.data, broken } : undefined;
}

/** The keys of the checked value that an issue is about. */
function keysOf(issue: Issue): string[] {
  if (issue.path.length > 0) return [String(issue.path[0])];
  return issue.code === "unrecognized_keys" ? issue.keys : [];
}

function reportIssue(issue: Issue, { schema, path, report }: Checking<z.ZodType>): void {
  const inner = pathOf(issue);
  const place = [...path, ...inner];
  if (isExpressionForm(issue.input)) {
    const message = "an expression cannot stand here: write the value itself";
    report({ code: "SCANFLOW_EXPRESSION_MISPLACED", message, path: place });
    return;
  }
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, inner);
    for (const key of issue.keys) {
      report({
        code: "SCANFLOW_KEY_UNKNOWN",
        message: `unknown key ${quoted(key)}; the keys here are ${known.join(", ")}`,
        path: [...place, key],
        suggestion: nearest(key, known),
      });
    }
    return;
  }
  report({ code: "SCANFLOW_DOCUMENT_INVALID", ...messageOf(issue), path: place });
}

/** Issues of a union are those of the form that was most likely meant, when one stands out. */
function settled(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
    const takesExpression = issue.errors.flat().some(({ path: [key] }) => key === "expression");
    if (isExpressionForm(issue.input) && !takesExpression) return [issue];
    const fitting = issue.errors
      .map((option) => settled(option))
      .filter((option) => !option.some((inner) => inner.path.length === 0 && isOfOtherType(inner)));
    const least = Math.min(...fitting.map(cost));
    const best = fitting.filter((option) => cost(option) === least);
    const [first = []] = best;
    const strange = best.map((option) => option.filter(({ code }) => code === "unrecognized_keys"));
    if (best.length !== 1 && (best.length === 0 || strange.some((keys) => keys.length === 0))) return [issue];
    const shown = best.length > 1 ? (strange[0] ?? []) : first;
    return shown.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
}

function isOfOtherType(issue: Issue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_union";
}

function cost(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.code === "unrecognized_keys" ? 2 * issue.keys.length : 1),
    0,
  );
}

function pathOf(issue: Issue): Path {
  return issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
}

function isExpressionForm(input: unknown): boolean {
  return typeof input === "object" && input !== null && Object.keys(input).join() === "expression";
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
};

function messageOf(issue: Issue): { message: string; suggestion?: string } {
  const found = `found ${describe(issue.input)}`;
  if (issue.code === "invalid_type") {
    const custom = issue.message.startsWith("expected ") ? issue.message : undefined;
    const wanted = custom ?? `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    const key = issue.path.at(-1);
    if (issue.input === undefined && key !== undefined)
      return { message: `${quoted(String(key))} is missing: ${wanted}` };
    return { message: `${wanted}, ${found}` };
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map((value) => (typeof value === "string" ? value : String(value)));
    const suggestion = typeof issue.input === "string" ? nearest(issue.input, values) : undefined;
    return {
      message: `expected ${orList(values)}, ${found}`,
      ...(suggestion !== undefined && { suggestion }),
    };
  }
  if (issue.message.startsWith("expected ")) return { message: `${issue.message}, ${found}` };
  if (issue.code === "too_small") {
    if (issue.origin === "string" || issue.origin === "array") return { message: `must not be empty` };
    return { message: `expected ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}, ${found}` };
  }
  if (issue.code === "too_big") return { message: `expected at most ${issue.maximum}, ${found}` };
  return { message: `${issue.message}, ${found}` };
}

function orList(values: readonly string[]): string {
  return values.length < 2 ? values.join() : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  return typeof value === "string" ? `the text ${quoted(value)}` : String(value);
}

/** Text in a message, cut when it is long. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
