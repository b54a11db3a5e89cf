import { ObjectError } from "./errors.ts";
import type { ObjectRange } from "./object-store.ts";

/** The first byte and the one past the last, of what is there. Errors: SCANFLOW_OBJECT_RANGE. */
export function checkRange(key: string, size: number, range?: ObjectRange): { start: number; stop: number } {
  if (range === undefined) return { start: 0, stop: size };
  const { start, end = Number.MAX_SAFE_INTEGER } = checkBounds(key, range);
  if (start >= size) throw rangeError(key, range, size);
  return { start, stop: Math.min(end + 1, size) };
}

/** A range that some object could have. Errors: SCANFLOW_OBJECT_RANGE. */
export function checkBounds(key: string, range: ObjectRange): ObjectRange {
  const { start, end = start } = range;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end) return range;
  throw rangeError(key, range);
}

export function rangeError(
  key: string,
  { start, end }: ObjectRange,
  size?: number,
  cause?: unknown,
): ObjectError {
  const has = size === undefined ? "" : `, which has ${size}`;
  return new ObjectError(
    "SCANFLOW_OBJECT_RANGE",
    `Bytes ${start} to ${end ?? "the end"} lie outside ${key}${has}. Ask for bytes that it has.`,
    { cause },
  );
}

/** The content is not as long as was said. */
export function sizeError(key: string, { said, found }: { said: number; found: number }): ObjectError {
  return new ObjectError(
    "SCANFLOW_OBJECT_SIZE",
    `The content for ${key} has ${found} bytes and was said to have ${said}; nothing was written. Send it whole, or give its size.`,
  );
}
