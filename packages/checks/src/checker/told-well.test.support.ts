import { CHECKS_ERRORS, ChecksError } from "../errors.ts";
import { parseVerdict } from "../verdict/parse-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** What the program's own words must never hold; what it quotes of the data may. */
const LEAKED = /undefined|\bNaN\b(?! or infinit)|-?\bInfinity\b|\[object|\bnull\b|^\s*at /;

/** A value that is told as what a row holds, such as `holds -Infinity in row 3`. */
const TOLD_VALUE = /(holds|holds the weight|given|is|has) -?(NaN|Infinity|null)/g;

/** What is wrong with an answer to bad input, in words; nothing when it is told well. */
export function complaintsOf(answer: Verdict | unknown): string[] {
  if (answer instanceof Error) {
    const coded = answer instanceof ChecksError && answer.code in CHECKS_ERRORS;
    return coded ? ofMessage(answer.message) : [`no code: ${answer.stack?.split("\n").slice(0, 3).join("")}`];
  }
  const verdict = answer as Verdict;
  return [...ofMessage(verdict.message), ...ofValue(verdict, "verdict"), ...ofJson(verdict)];
}

function ofMessage(message: string): string[] {
  const own = message.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").replaceAll(TOLD_VALUE, "$1 a value");
  const found = [];
  if (LEAKED.test(own)) found.push(`leaks a value: ${message}`);
  if (/\.\.(?!\.)/.test(message.replaceAll("...", ""))) found.push(`ends twice: ${message}`);
  if (!/[.)]$/.test(message)) found.push(`does not end: ${message}`);
  // A line may end, all else that cannot be seen is escaped.
  if (/[^\P{Cc}\n]|\p{Cs}/u.test(message)) found.push(`unseen characters: ${JSON.stringify(message)}`);
  return found;
}

/** Every number must be one: JSON would make null of it, and a reader take it for "not judged". */
function ofValue(value: unknown, path: string): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (value === null || typeof value === "string" || typeof value === "boolean") return [];
  if (Array.isArray(value)) return value.flatMap((item, at) => ofValue(item, `${path}[${at}]`));
  const plain = typeof value === "object" && !ArrayBuffer.isView(value);
  if (!plain) return [`${path} is ${typeof value}, not JSON`];
  return Object.entries(value).flatMap(([key, own]) => ofValue(own, `${path}.${key}`));
}

function ofJson(verdict: Verdict): string[] {
  try {
    parseVerdict(JSON.stringify(verdict));
    return [];
  } catch (error) {
    return [String(error)];
  }
}
