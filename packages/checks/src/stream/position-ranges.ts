import type { JsonReader } from "../json/json-reader.ts";

/** Rising positions as pairs of first and last: those of a stream mostly follow one another. */
export function rangesOf(positions: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const position of positions) {
    const last = ranges.at(-1);
    if (last && last[1] === position - 1) last[1] = position;
    else ranges.push([position, position]);
  }
  return ranges;
}

/** @param limit how many positions there may be, so that a broken state takes no memory without end */
export function readRanges(value: unknown, read: JsonReader, limit: number): number[] {
  const positions: number[] = [];
  for (const [index, pair] of read.list(value, "memory.positions").entries()) {
    const path = `memory.positions[${index}]`;
    const [first, last] = read.list(pair, path).map((end) => read.whole(end, path));
    const rises =
      first !== undefined && last !== undefined && last >= first && first > (positions.at(-1) ?? -1);
    if (!rises || positions.length + last - first + 1 > limit) {
      return read.fail(path, pair, `a first and a last position, ${limit} positions in all at most`);
    }
    for (let position = first; position <= last; position += 1) positions.push(position);
  }
  return positions;
}
