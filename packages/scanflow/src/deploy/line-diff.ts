/** A line of a comparison: `=` in both, `-` only before, `+` only after. */
interface Edit {
  readonly kind: "=" | "-" | "+";
  readonly line: string;
}

const AROUND = 3;

/**
 * What changed between two texts, line by line, as `diff -u` writes it; empty when nothing did. By the longest common
 * subsequence of what differs between the common beginning and end.
 */
export function lineDiff(before: string, after: string, path: string): string {
  if (before === after) return "";
  const edits = compare(before.split("\n"), after.split("\n"));
  const hunks = hunksOf(edits).map(([from, to]) => hunkText(edits, from, to));
  return `--- ${path}\n+++ ${path}\n${hunks.join("")}`;
}

function compare(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]) => lines.map((line): Edit => ({ kind: "=", line }));
  const inner = changed(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...same(before.slice(0, start)), ...inner, ...same(before.slice(before.length - end))];
}

function changed(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const equal = before[i] === after[j];
      lengths[i * width + j] = equal
        ? lengthAt(i + 1, j + 1) + 1
        : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const edits: Edit[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [old, fresh] = [before[i], after[j]];
    if (old === undefined && fresh === undefined) return edits;
    if (old !== undefined && old === fresh) {
      edits.push({ kind: "=", line: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (fresh === undefined || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      edits.push({ kind: "-", line: old });
      i += 1;
    } else if (fresh !== undefined) {
      edits.push({ kind: "+", line: fresh });
      j += 1;
    }
  }
}

/** Ranges of edits that stand close together, with the lines around them. */
function hunksOf(edits: readonly Edit[]): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = [];
  for (const [at, { kind }] of edits.entries()) {
    if (kind === "=") continue;
    const [from, to] = [Math.max(0, at - AROUND), Math.min(edits.length, at + AROUND + 1)];
    const last = hunks.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function hunkText(edits: readonly Edit[], from: number, to: number): string {
  const count = (part: readonly Edit[], without: Edit["kind"]) =>
    part.filter(({ kind }) => kind !== without).length;
  const [ahead, shown] = [edits.slice(0, from), edits.slice(from, to)];
  const range = (without: Edit["kind"]) => {
    const length = count(shown, without);
    return `${count(ahead, without) + (length === 0 ? 0 : 1)},${length}`;
  };
  const lines = shown.map(({ kind, line }) => `${kind === "=" ? " " : kind}${line}\n`);
  return `@@ -${range("+")} +${range("-")} @@\n${lines.join("")}`;
}
