import { ChecksError, type ChecksErrorCode } from "../errors.ts";
import type { JsonObject } from "./json.ts";

/** Reads an untrusted JSON document part by part; each method throws the document's coded error at the path. */
export interface JsonReader {
  fail(path: string, found: unknown, wanted: string): never;
  /** The document itself: parsed when it is a text. */
  document(input: unknown): JsonObject;
  object(value: unknown, path: string): JsonObject;
  /** A text that says something: not the empty one. */
  text(value: unknown, path: string): string;
  /** Any text: a column's name may be empty. */
  string(value: unknown, path: string): string;
  finite(value: unknown, path: string): number;
  /** A whole number, 0 or more. */
  whole(value: unknown, path: string): number;
  boolean(value: unknown, path: string): boolean;
  list(value: unknown, path: string): readonly unknown[];
  /** One of the texts that are known. */
  oneOf<const Known extends string>(known: readonly Known[], value: unknown, path: string): Known;
}

/**
 * @param name what the document is, as the error's first words
 * @param action what to do about a broken one, as the error's last words
 */
export function createJsonReader(code: ChecksErrorCode, name: string, action: string): JsonReader {
  function fail(path: string, found: unknown, wanted: string): never {
    const place = path === "" ? name : `${name}: "${path}"`;
    throw new ChecksError(code, `${place} is ${shown(found)}, not ${wanted}. ${action}`);
  }

  function object(value: unknown, path: string): JsonObject {
    if (typeof value !== "object" || value === null || Array.isArray(value)) fail(path, value, "an object");
    return value as JsonObject;
  }

  function document(input: unknown): JsonObject {
    if (typeof input !== "string") return object(input, "");
    try {
      return object(JSON.parse(input), "");
    } catch (cause) {
      if (cause instanceof ChecksError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ChecksError(code, `${name} is not JSON (${escaped(reason)}). ${action}`, { cause });
    }
  }

  function text(value: unknown, path: string): string {
    return typeof value === "string" && value !== "" ? value : fail(path, value, "a text");
  }

  function string(value: unknown, path: string): string {
    return typeof value === "string" ? value : fail(path, value, "a text");
  }

  function finite(value: unknown, path: string): number {
    return typeof value === "number" && Number.isFinite(value) ? value : fail(path, value, "a finite number");
  }

  function whole(value: unknown, path: string): number {
    const number = finite(value, path);
    return Number.isSafeInteger(number) && number >= 0
      ? number
      : fail(path, value, "a whole number from 0 on");
  }

  function boolean(value: unknown, path: string): boolean {
    return typeof value === "boolean" ? value : fail(path, value, "true or false");
  }

  function list(value: unknown, path: string): readonly unknown[] {
    return Array.isArray(value) ? value : fail(path, value, "a list");
  }

  function oneOf<const Known extends string>(known: readonly Known[], value: unknown, path: string): Known {
    return known.find((each) => each === value) ?? fail(path, value, `one of ${known.join(", ")}`);
  }

  return { fail, document, object, text, string, finite, whole, boolean, list, oneOf };
}

/** An untrusted value in a message: short, and never what a language makes of it, such as "[object Object]". */
export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "number") return String(value);
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function")
    return typeof value;
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

/** What an engine says of broken JSON quotes it, with whatever stands in it. */
function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}]/gu, (character) => JSON.stringify(character).slice(1, -1));
}
