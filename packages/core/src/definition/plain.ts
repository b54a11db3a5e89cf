import type { JsonValue } from "../json.ts";
import { type Finding, formatPath, type Path } from "./problem.ts";

const DEEPEST = 64;
const MOST_VALUES = 1_000_000;

/**
 * A copy of a written document that is plain JSON data, or undefined when it is not (each reason is reported).
 * Keys whose value is undefined are left out. Bounds depth and size, since aliases and shared objects can make
 * a small text stand for a huge tree; after it, recursion is safe.
 */
export function plainCopy(document: unknown, report: (finding: Finding) => void): JsonValue | undefined {
  const copying: Copying = { report, left: MOST_VALUES, open: new Set(), sound: true };
  const copied = copyOf(document, [], copying);
  return copying.sound ? copied : undefined;
}

interface Copying {
  readonly report: (finding: Finding) => void;
  left: number;
  /** The objects that hold the value at hand. */
  readonly open: Set<object>;
  sound: boolean;
}

function copyOf(value: unknown, path: Path, copying: Copying): JsonValue | undefined {
  copying.left -= 1;
  if (copying.left === 0) refuse(copying, path, `the document holds more than ${MOST_VALUES} values`, true);
  if (copying.left <= 0) return undefined;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") {
    return Number.isFinite(value)
      ? value + 0
      : refuse(copying, path, `expected a finite number, found ${value}`);
  }
  if (value === undefined) return refuse(copying, path, "nothing stands here: write a value");
  if (typeof value !== "object")
    return refuse(copying, path, `a ${typeof value} cannot stand in a definition`);
  if (copying.open.has(value)) return refuse(copying, path, `${nameOf(path)} holds itself`);
  if (path.length >= DEEPEST) return refuse(copying, path, `nested more than ${DEEPEST} levels deep`, true);
  copying.open.add(value);
  const copied = Array.isArray(value) ? copyList(value, path, copying) : copyObject(value, path, copying);
  copying.open.delete(value);
  return copied;
}

function copyList(list: readonly unknown[], path: Path, copying: Copying): JsonValue {
  const items: JsonValue[] = [];
  for (let position = 0; position < list.length && copying.left > 0; position += 1) {
    items.push(copyOf(list[position], [...path, position], copying) ?? null);
  }
  return items;
}

function copyObject(object: object, path: Path, copying: Copying): JsonValue | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  // An object of another realm (a worker, a test runner) has another Object.prototype; that one has no prototype.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return refuse(
      copying,
      path,
      "only plain values can stand in a definition: text, numbers, true, false, null, lists, mappings",
    );
  }
  const entries: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(object)) {
    if (copying.left <= 0) break;
    if (value === undefined) continue;
    const inner = [...path, key];
    if (key === "__proto__") refuse(copying, inner, "__proto__ cannot be a key");
    const copied = copyOf(value, inner, copying);
    if (copied !== undefined) entries.push([key, copied]);
  }
  return Object.fromEntries(entries);
}

function nameOf(path: Path): string {
  return path.length === 0 ? "the document" : formatPath(path);
}

function refuse(copying: Copying, path: Path, message: string, large = false): undefined {
  copying.sound = false;
  copying.report({
    code: large ? "SCANFLOW_DOCUMENT_TOO_LARGE" : "SCANFLOW_DOCUMENT_INVALID",
    message,
    path,
  });
}
