import { type ColumnProfile, columnOf, describeMoments, type Profile, sampleBatch } from "@scanflow/checks";
import { measureCounts, measureValues } from "@scanflow/checks/statistics";

/** Distances with a threshold that many take for granted, whatever the number of rows. */
export const RULES = ["PSI", "Jensen–Shannon", "Wasserstein"] as const;
export const THRESHOLD = 0.1;

/** Distances of one column; Wasserstein in standard deviations of the reference, of numbers only. */
export type Distances = Readonly<Record<(typeof RULES)[number], number | null>>;

/** How far a window lies from the reference, by column. The window was profiled like the reference. */
export function distancesOf(reference: Profile, window: Profile): Readonly<Record<string, Distances>> {
  const pairs = reference.columns.flatMap((column): [string, Distances][] => {
    const other = window.columns.find(({ name }) => name === column.name);
    const counts = other === undefined ? null : countsOf(column, other);
    if (counts === null) return [];
    const [before, now] = counts;
    const distances = {
      PSI: measureCounts(before, now, { distance: "psi" }),
      "Jensen–Shannon": measureCounts(before, now, { distance: "jensen-shannon" }),
      Wasserstein: wasserstein(column, reference, window),
    };
    return [[column.name, distances]];
  });
  return Object.fromEntries(pairs);
}

/** Names of the columns that a rule rings for. */
export function ringing(
  distances: Readonly<Record<string, Distances>>,
  rule: (typeof RULES)[number],
): string[] {
  return Object.keys(distances).filter((name) => (distances[name]?.[rule] ?? 0) >= THRESHOLD);
}

/** Rows by bin of the reference, or by text. */
function countsOf(column: ColumnProfile, other: ColumnProfile): [number[], number[]] | null {
  if (column.kind === "number" && other.kind === "number") {
    return [[...column.histogram.counts], [...other.histogram.counts]];
  }
  if (column.kind !== "text" || other.kind !== "text") return null;
  const texts = [...new Set([...column.categories.texts, ...other.categories.texts])];
  const counted = ({ categories }: typeof column) =>
    texts.map((text) => categories.counts[categories.texts.indexOf(text)] ?? 0);
  return [counted(column), counted(other)];
}

/** Of the rows that both profiles keep. */
function wasserstein(column: ColumnProfile, reference: Profile, window: Profile): number | null {
  if (column.kind !== "number") return null;
  const { sd } = describeMoments(column);
  const before = valuesOf(reference, column.name);
  const now = valuesOf(window, column.name);
  if (!sd || before.length === 0 || now.length === 0) return null;
  return measureValues(before, now, { distance: "wasserstein" }) / sd;
}

function valuesOf(profile: Profile, name: string): number[] {
  const column = columnOf(sampleBatch(profile), name);
  return column?.kind === "number" ? [...column.values].filter(Number.isFinite) : [];
}
