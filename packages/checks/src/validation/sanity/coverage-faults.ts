import { numberWords, shareWords } from "../fault-words.ts";
import type { Fault } from "../schema.ts";
import type { FarImages } from "./far-images.ts";
import type { Region } from "./regions.ts";
import { firstRowsOf, type Side } from "./side.ts";

/** From which share on a hole is an alarm, and no warning. */
export interface CoverageLimits {
  readonly minimumRegion: number;
  readonly alarmRegion: number;
}

/** What one table has and the other lacks. */
export function regionFaults(
  regions: readonly Region[],
  {
    window,
    label,
    alarmRegion,
  }: { readonly window: Side; readonly label: string | undefined; readonly alarmRegion: number },
): Fault[] {
  return regions.map(({ columns, text, before, now, holds }): Fault => {
    const unseen = now > before;
    const isLabel = columns.length === 1 && columns[0] === label;
    return {
      rule: unseen ? "unseen" : "uncovered",
      status: Math.max(before, now) >= alarmRegion ? "alarm" : "warning",
      column: columns[0] ?? null,
      rows: Math.round(now * window.sample.rows),
      firstRows: unseen ? firstRowsOf(window, holds) : [],
      examples: [],
      message: unseen
        ? `${shareWords(now)} of the rows lie where ${text}; of the reference ${fewWords(before)}`
        : `${shareWords(before)} of the reference lies where ${text}; of these rows ${fewWords(now)}`,
      action: unseen
        ? isLabel
          ? "see whether it is written otherwise here; no model answers what it was not taught"
          : "train with such rows before answering for them"
        : "collect such rows, or say that nothing is known of how well a model does there",
    };
  });
}

function fewWords(share: number): string {
  return share === 0 ? "none" : `only ${shareWords(share)}`;
}

/** @param far images of the window by the reference's, and the other way round */
export function imageFaults(
  [unlike, missed]: readonly [FarImages | null, FarImages | null],
  {
    window,
    level,
    limits,
  }: { readonly window: Side; readonly level: number; readonly limits: CoverageLimits },
): Fault[] {
  const judge = (images: FarImages | null): Fault | null => {
    if (images === null || images.pValue > level) return null;
    const far = images.ratios.filter((ratio) => ratio > 1).length;
    const share = far / images.ratios.length;
    const excess = (share - images.quiet) / (1 - images.quiet);
    if (excess < limits.minimumRegion) return null;
    const unseen = images === unlike;
    const [side, other] = unseen ? ["the images", "the reference"] : ["the reference's images", "these"];
    return {
      rule: unseen ? "unseen" : "uncovered",
      status: excess >= limits.alarmRegion ? "alarm" : "warning",
      column: images.column,
      rows: unseen ? far : 0,
      firstRows: unseen ? firstRowsOf(window, (row) => (images.ratios[row] ?? 0) > 1) : [],
      examples: [],
      message:
        `${shareWords(share)} of ${numberWords(images.ratios.length)} of ${side} lie farther from ${other} than ` +
        `${shareWords(1 - images.quiet)} of those do among themselves`,
      action: unseen
        ? "look at these images, and train with such before answering for them"
        : "collect such images, or say that nothing is known of how well a model does there",
    };
  };
  return [judge(unlike), judge(missed)].filter((fault) => fault !== null);
}
