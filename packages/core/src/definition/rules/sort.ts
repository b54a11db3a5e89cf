/** For each name the names that it waits for, both in written order. */
export type Waits = ReadonlyMap<string, readonly string[]>;

export interface Sorted {
  /** Every name behind all that it waits for; without those that wait for a circle. */
  readonly order: readonly string[];
  /** Names that wait for each other: each for the one before it, the first for the last. */
  readonly circles: readonly (readonly string[])[];
}

const MOST_CIRCLES = 20;

/**
 * Sorts names behind what they wait for (Kahn 1962, "Topological sorting of large networks"). Where names are left
 * over, each waits for another left-over one, so following the waits from any of them comes to a circle; its names
 * are set aside and sorting goes on, so that circles that share no name are all found.
 */
export function sortByWaits(waits: Waits): Sorted {
  const order: string[] = [];
  const circles: string[][] = [];
  const left = new Set(waits.keys());
  const waiting = waitersOf(waits);
  const counts = new Map(
    [...waits].map(([name, upstreams]) => [name, new Set(upstreams.filter((up) => waits.has(up))).size]),
  );
  const settle = (names: readonly string[], place: (name: string) => void) => {
    const open = names.toReversed();
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (!left.delete(name)) continue;
      place(name);
      for (const waiter of waiting.get(name) ?? []) {
        const count = (counts.get(waiter) ?? 0) - 1;
        counts.set(waiter, count);
        if (count === 0) open.push(waiter);
      }
    }
  };
  settle(
    [...left].filter((name) => counts.get(name) === 0),
    (name) => order.push(name),
  );
  while (left.size > 0 && circles.length < MOST_CIRCLES) {
    const circle = circleIn(left, waits);
    circles.push(circle);
    settle(circle, () => undefined);
  }
  return { order, circles };
}

function waitersOf(waits: Waits): ReadonlyMap<string, ReadonlySet<string>> {
  const waiters = new Map<string, Set<string>>();
  for (const [name, upstreams] of waits) {
    for (const upstream of upstreams) {
      const known = waiters.get(upstream);
      if (known) known.add(name);
      else waiters.set(upstream, new Set([name]));
    }
  }
  return waiters;
}

/** The circle, from its first written name on, each behind the one that it waits for. */
function circleIn(left: ReadonlySet<string>, waits: Waits): string[] {
  const [start = ""] = left;
  const seen = new Map<string, number>();
  const followed: string[] = [];
  let name = start;
  while (!seen.has(name)) {
    seen.set(name, followed.length);
    followed.push(name);
    name = waits.get(name)?.find((upstream) => left.has(upstream)) ?? name;
  }
  const circle = followed.slice(seen.get(name)).reverse();
  const members = new Set(circle);
  const first = [...left].find((each) => members.has(each)) ?? name;
  const position = circle.indexOf(first);
  return [...circle.slice(position), ...circle.slice(0, position)];
}
