/**
 * Texts with their counts, the most frequent first. Exact while `error` is 0. Beyond `capacity` distinct texts it
 * is a Misra–Gries summary (Agarwal et al. 2012, Mergeable summaries): each count is too small by at most `error`, a
 * text that is not listed has at most `error` rows, and `error` is at most the number of values divided by
 * `capacity + 1`.
 */
export interface CategoryCounts {
  readonly capacity: number;
  readonly texts: readonly string[];
  readonly counts: readonly number[];
  readonly error: number;
}

/** Category counts while they are gathered. */
export interface RunningCategories {
  readonly counts: Map<string, number>;
  /** True until a text had to be given up. */
  exact(): boolean;
  add(text: string, count: number): void;
  /** Makes room: to be called after some texts, so that not every text does. */
  trim(): void;
  addAll(other: CategoryCounts): void;
  close(): CategoryCounts;
}

export function createCategories(capacity: number): RunningCategories {
  const counts = new Map<string, number>();
  let error = 0;

  function add(text: string, count: number): void {
    counts.set(text, (counts.get(text) ?? 0) + count);
    if (counts.size > 8 * capacity) reduce();
  }

  function reduce(): void {
    if (counts.size <= capacity) return;
    const falling = Float64Array.from(counts.values()).sort().reverse();
    const surplus = falling[capacity] as number;
    for (const [text, count] of counts) {
      if (count > surplus) counts.set(text, count - surplus);
      else counts.delete(text);
    }
    error += surplus;
  }

  function close(): CategoryCounts {
    reduce();
    const entries = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return {
      capacity,
      texts: entries.map(([text]) => text),
      counts: entries.map(([, count]) => count),
      error,
    };
  }

  return {
    counts,
    exact: () => error === 0 && counts.size <= capacity,
    add,
    trim: () => counts.size > 2 * capacity && reduce(),
    addAll(other) {
      error += other.error;
      for (const [place, text] of other.texts.entries()) add(text, other.counts[place] ?? 0);
    },
    close,
  };
}
