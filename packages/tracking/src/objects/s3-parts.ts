import { ObjectError } from "./errors.ts";
import { sizeError } from "./range.ts";

/** The source of an upload failed, not S3; `cause` is how. */
export class SourceFailure extends Error {}

const mebibyte = 1024 * 1024;
/** S3 takes parts from 5 MiB on, and no more than 10,000 of them. */
const leastPartBytes = 8 * mebibyte;
const mostParts = 10_000;

/** Parts of content of unknown size grow slowly, so that 440 GiB fit and no part has more than 80 MiB. */
function partBytes(part: number, size: number | undefined): number {
  if (size === undefined) return leastPartBytes * (1 + Math.floor(part / 1000));
  return Math.max(leastPartBytes, Math.ceil(size / mostParts / mebibyte) * mebibyte);
}

/**
 * Gathers a stream into parts, each in memory of its own; the last one may be short, and none comes of no content.
 * Errors: SourceFailure, and SCANFLOW_OBJECT_SIZE for content that is not as long as said or too long.
 */
export async function* partsOf(
  key: string,
  content: AsyncIterable<Uint8Array>,
  size?: number,
): AsyncGenerator<Buffer> {
  let part = 0;
  let filled = 0;
  let total = 0;
  const next = () => Buffer.allocUnsafeSlow(Math.min(partBytes(part, size), (size ?? Infinity) - total || 1));
  let staged = next();
  for await (const bytes of fallible(content)) {
    for (let offset = 0; offset < bytes.length; ) {
      if (size !== undefined && total === size) {
        throw sizeError(key, { said: size, found: total + bytes.length - offset });
      }
      const some = bytes.subarray(offset, offset + staged.length - filled);
      staged.set(some, filled);
      filled += some.length;
      total += some.length;
      offset += some.length;
      if (filled < staged.length) continue;
      if (part === mostParts) throw tooLarge(key, total);
      yield staged;
      part += 1;
      filled = 0;
      staged = next();
    }
  }
  if (size !== undefined && total !== size) throw sizeError(key, { said: size, found: total });
  if (filled > 0) yield staged.subarray(0, filled);
}

async function* fallible(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of content) yield bytes;
  } catch (cause) {
    throw new SourceFailure("The source of an upload failed.", { cause });
  }
}

function tooLarge(key: string, total: number): ObjectError {
  return new ObjectError(
    "SCANFLOW_OBJECT_SIZE",
    `The content for ${key} goes on after ${total} bytes, which is all that fits without its size being known. Give its size, or send less.`,
  );
}
