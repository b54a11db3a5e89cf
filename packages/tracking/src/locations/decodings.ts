import { invalid } from "../refusal.ts";

/** Nobody writes a path that has to be decoded more often than a few times; an attacker does, to keep us at it. */
const mostRounds = 10;

/** A text, and what it becomes each time it is decoded. Errors: SCANFLOW_TRACKING_INVALID after ten times. */
export function decodings(text: string): string[] {
  const forms = [text];
  for (let form: string | undefined = decodeOnce(text); form !== undefined; form = decodeOnce(form)) {
    forms.push(form);
    if (forms.length > mostRounds) throw invalid("Invalid path");
  }
  return forms;
}

/** Undefined when decoding changes nothing any more, or when the text is no encoding of anything. */
function decodeOnce(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return decoded === text ? undefined : decoded;
  } catch {
    return undefined;
  }
}
