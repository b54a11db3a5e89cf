/** Offsets of the first and the last byte, both included. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * The one part of a file of `size` bytes that a Range header asks for: undefined for the whole file, which is
 * also what several parts, other units and malformed headers give; "outside" when there are no such bytes
 * (RFC 9110, section 14).
 */
export function parseRange(header: string | undefined, size: number): Part | "outside" | undefined {
  const [, first = "", last = ""] = /^bytes=\s*(\d{0,16})-(\d{0,16})\s*$/i.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "outside" : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) return "outside";
  return { start, end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}
