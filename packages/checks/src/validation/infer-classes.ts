import type { Profile } from "../profile/profile.ts";
import { columnProfile } from "../profile/profile-parts.ts";
import type { Schema } from "./schema.ts";
import { shareLimit } from "./share-limit.ts";

const MOST_CLASSES = 100;
/** How many times a class's share, or that of all others, may shrink. */
const TIMES = 3;

/** The range of each class's share: down to a third, and up until the others together are at a third. */
export function inferClasses(profile: Profile, label: string): Pick<Schema, "classes"> {
  const classes = classCounts(profile, label);
  if (classes.size < 2 || classes.size > MOST_CLASSES) return {};
  const total = [...classes.values()].reduce((sum, count) => sum + count, 0);
  const entries = [...classes].map(([name, count]): [string, [number, number]] => {
    // The smallest share that does not contradict the count, and so for all others.
    const least = 1 - shareLimit(total - count, total);
    const others = 1 - shareLimit(count, total);
    return [name, [round(least / TIMES), round(1 - others / TIMES)]];
  });
  return { classes: Object.fromEntries(entries) };
}

/** How many rows each class of a label has; none when it is no column of few values. */
export function classCounts(profile: Profile, label: string): Map<string, number> {
  const column = columnProfile(profile, label);
  if (column?.kind === "text" && column.categories.error === 0)
    return new Map(column.categories.texts.map((text, at) => [text, column.categories.counts[at] ?? 0]));
  if (column?.kind === "boolean")
    return new Map([
      ["true", column.trues],
      ["false", column.count - column.trues],
    ]);
  if (column?.kind === "number" && column.values !== null && column.whole === column.count)
    return new Map(column.values.values.map((value, at) => [String(value), column.values?.counts[at] ?? 0]));
  return new Map();
}

function round(share: number): number {
  return Number(Math.max(0, Math.min(1, share)).toPrecision(2));
}
