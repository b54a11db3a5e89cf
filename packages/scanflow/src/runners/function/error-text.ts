import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { errorCode } from "@scanflow/core/errors";
import type { CodedFailure } from "./messages.ts";

const ownFolder = pathToFileURL(import.meta.dirname).href;
const longestText = 16 * 1024;

/** What a step threw, as its author wants to read it: paths relative to the root, only frames of their own code. */
export function errorText(thrown: unknown, root: string): string {
  return fromRoot(textOf(thrown, 0), root);
}

/** An error with a code of ours: its message says all that there is to say. null for any other. */
export function codedFailure(thrown: unknown, root: string): CodedFailure | null {
  const code = errorCode(thrown);
  if (code === undefined || !(thrown instanceof Error)) return null;
  return { code, message: fromRoot(thrown.message, root) };
}

function fromRoot(written: string, root: string): string {
  const text = written.replaceAll(`${pathToFileURL(root).href}/`, "").replaceAll(`${root}/`, "");
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}

/** Frames of Node and of this folder are not the user's. */
function isForeign(line: string): boolean {
  return /^\s*at /.test(line) && (line.includes("node:internal") || line.includes(ownFolder));
}

/** A chain of causes may lead back to its beginning. */
const deepestCause = 5;

function textOf(thrown: unknown, depth: number): string {
  if (!(thrown instanceof Error)) return `thrown: ${inspect(thrown)}`;
  const stack = thrown.stack?.includes(thrown.message) ? thrown.stack : `${thrown.name}: ${thrown.message}`;
  const lines = stack.split("\n").filter((line) => !isForeign(line));
  if (thrown.cause !== undefined && depth < deepestCause) {
    lines.push(`Caused by: ${textOf(thrown.cause, depth + 1)}`);
  }
  return lines.join("\n");
}
