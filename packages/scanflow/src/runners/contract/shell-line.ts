import { ScanflowError } from "@scanflow/core";
import { placeholder, placeholderValue, type Values } from "./placeholders.ts";

/**
 * A line for the shell whose placeholders became references to environment variables, quoted for the place where
 * they stand. The shell never parses what a variable holds, so no value can break out, not even of quotes.
 */
export function shellLine(
  line: string,
  values: Values,
): { readonly line: string; readonly variables: Readonly<Record<string, string>> } {
  const variables: Record<string, string> = {};
  const quotes: Quote[] = ["none"];
  let shown = "";
  let at = 0;
  for (const match of line.matchAll(placeholder)) {
    const before = line.slice(at, match.index);
    readQuotes(before, quotes, shown === "" || /\s$/.test(shown));
    const quote = quotes.at(-1) ?? "none";
    if (quote === "refused") throw placeError(values.task, match[0]);
    const name = `SCANFLOW_VALUE_${Object.keys(variables).length + 1}`;
    variables[name] = placeholderValue(match, values);
    shown += before + reference(name, quote);
    at = match.index + match[0].length;
  }
  return { line: shown + line.slice(at), variables };
}

/** What surrounds a place: nothing, quotes, a `$(…)` (quotes begin anew inside), or where no value can stand. */
type Quote = "none" | "single" | "double" | "substitution" | "refused";

function reference(name: string, quote: Quote): string {
  if (quote === "double") return `\${${name}}`;
  return quote === "single" ? `'"\${${name}}"'` : `"\${${name}}"`;
}

/** Reads on over `text`. The stack holds what is open, innermost last; `refused` stays to the end of the line. */
function readQuotes(text: string, open: Quote[], atWordStart: boolean): void {
  let wordStart = atWordStart;
  for (let at = 0; at < text.length; at++) {
    const inside = open.at(-1);
    if (inside === "refused") return;
    const character = text[at] ?? "";
    if (inside === "single") {
      if (character === "'") open.pop();
    } else if (character === "\\") at++;
    else if (character === '"') {
      if (inside === "double") open.pop();
      else open.push("double");
    } else if (text.startsWith("$((", at)) open.push("refused");
    else if (text.startsWith("$(", at)) {
      open.push("substitution");
      at++;
    } else if (inside !== "double") {
      if (character === "'") open.push("single");
      else if (character === "(") open.push("substitution");
      else if (character === ")" && inside === "substitution") open.pop();
      else if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) open.push("refused");
      else if (character === "#" && wordStart) {
        const end = text.indexOf("\n", at);
        at = end < 0 ? text.length : end;
      }
    }
    wordStart = /[\s;&|(]/.test(text[at] ?? "");
  }
}

function placeError(task: string, text: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_COMMAND_INVALID",
    `The command of task "${task}" has ${text} inside $((…)) or after <<, where the shell would read the value as code. Use the environment variable instead, or put the line into a script.`,
  );
}
