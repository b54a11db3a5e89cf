import { rangeBelow } from "../locations/root.ts";

type Range = readonly [from: string, end: string];

/** Ranges of paths of everything below a folder, but for what lies at or below the spared places in it. */
export function rangesBelow(folder: string, spared: readonly string[]): Range[] {
  const held = spared
    .filter((place) => folder === "" || place === folder || place.startsWith(`${folder}/`))
    // No path has a null character: the first range holds the place itself.
    .flatMap((place): Range[] => [[place, `${place}\u0001`], rangeBelow(place)])
    .sort(([a], [b]) => inOrder(a, b));
  const [begin, end] = rangeBelow(folder);
  const ranges: Range[] = [];
  let from = begin;
  for (const [start, stop] of held) {
    if (inOrder(from, start) < 0) ranges.push([from, start]);
    if (inOrder(from, stop) < 0) from = stop;
  }
  if (inOrder(from, end) < 0) ranges.push([from, end]);
  return ranges;
}

/** The order of code points, as in the databases; that of JavaScript's strings is another one. */
function inOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
