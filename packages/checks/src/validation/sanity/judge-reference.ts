import { numberWords } from "../fault-words.ts";
import type { Fault } from "../schema.ts";
import { type ChangedPair, comparePairs, pairedColumns } from "./column-pairs.ts";
import { isRunningNumber } from "./columns-alone.ts";
import { imageFaults, regionFaults } from "./coverage-faults.ts";
import { farImages } from "./far-images.ts";
import { changedPairs, changeFaults } from "./pair-faults.ts";
import { type Region, uncoveredRegions } from "./regions.ts";
import type { SanityOptions } from "./sanity-options.ts";
import { sharedValues } from "./shared-values.ts";
import type { Side } from "./side.ts";

/** What a window's columns say beside a reference. */
export interface JudgedByReference {
  readonly faults: readonly Fault[];
  readonly regions: readonly Region[];
  readonly changed: readonly ChangedPair[];
}

export async function judgeReference(
  window: Side,
  reference: Side,
  { options, naming }: { readonly options: SanityOptions; readonly naming: readonly string[] },
): Promise<JudgedByReference> {
  const { label, significance, minimumChange, minimumRegion, alarmRegion } = options;
  // Rows, pairs, regions and images are four questions.
  const level = significance / 4;
  const kinds = new Map(reference.sample.columns.map(({ name, kind }) => [name, kind]));
  const names = pairedColumns(window.sample, new Set(naming)).filter(
    (name) => kinds.get(name) === window.sample.columns.find((column) => column.name === name)?.kind,
  );
  const pairs = comparePairs(reference.sample, window.sample, names);
  const changed = changedPairs(pairs, { level, minimumChange });
  const regions = uncoveredRegions([reference.sample, window.sample], names, { minimumRegion, level });
  const tensors = window.sample.columns.filter(({ kind }) => kind === "tensor").map(({ name }) => name);
  const images = tensors.flatMap((name) =>
    imageFaults([farImages(name, window, reference), farImages(name, reference, window)], {
      window,
      level: level / (2 * tensors.length),
      limits: { minimumRegion, alarmRegion },
    }),
  );
  return {
    faults: [
      ...(await sharedIds(window, reference, { options, naming })),
      ...changeFaults(changed, { rows: window.profile.rows, label }),
      ...regionFaults(regions, { window, label, alarmRegion }),
      ...images,
    ],
    regions,
    changed,
  };
}

async function sharedIds(
  window: Side,
  reference: Side,
  { options: { ids }, naming }: { readonly options: SanityOptions; readonly naming: readonly string[] },
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const there = new Set(reference.profile.columns.map(({ name }) => name));
  for (const column of naming.filter((name) => there.has(name))) {
    const profile = window.profile.columns.find(({ name }) => name === column);
    const named = ids.includes(column);
    if (!named && isRunningNumber(profile)) continue;
    const { count, rows } = await sharedValues(window.dataset, reference.dataset, column);
    if (count === 0) continue;
    faults.push({
      rule: "sharedId",
      status: named ? "alarm" : "warning",
      column,
      rows: count,
      firstRows: [...rows],
      examples: [],
      message: `${numberWords(count)} of ${numberWords(window.profile.rows)} rows have one that is in the reference, too`,
      action:
        "divide the data so that all rows of one are on one side: else a model is judged on what it knows",
    });
  }
  return faults;
}
