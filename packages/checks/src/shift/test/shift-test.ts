import { drawRows } from "../../random/draw-rows.ts";
import { createRandom } from "../../random/random.ts";
import { harmonicMean, sorted, tail } from "./chance.ts";
import { type KnownPart, knowPart, type PartDifference } from "./known-part.ts";
import type { Measured } from "./measured.ts";

/** What the test says of one column of a part. */
export interface ColumnFinding {
  /** The columns of the data that it tells of. */
  readonly of: readonly string[];
  readonly effect: number;
  /** What chance alone shows on average at this size. */
  readonly effectByChance: number;
  /** The chance that any column of the part differs as much, 0 to 1. */
  readonly pValue: number;
}

/** What the test says of one way of looking. */
export interface PartFinding {
  readonly name: string;
  readonly effectName: string;
  /** The chance that this part differs as much, 0 to 1. */
  readonly pValue: number;
  /** The same of its largest difference alone; of a part with one difference it is near to `pValue`. */
  readonly largestPValue: number;
  readonly effect: number;
  readonly effectByChance: number;
  /** In the order in which they were measured; none of a part that is judged as a whole. */
  readonly columns: readonly ColumnFinding[];
}

/** The answer of a shift test. */
export interface ShiftFinding {
  /** The chance that rows like the reference differ as much from it in all parts together, 0 to 1. */
  readonly pValue: number;
  readonly parts: readonly PartFinding[];
}

/** How a shift test draws. */
export interface CalibrationOptions {
  /** Rows of the windows that are judged. */
  readonly rows: number;
  /** Windows drawn from the reference: half for the p values of the differences, half for what is made of them. */
  readonly draws: number;
  readonly seed: number;
}

/** A reference that windows can be held against. */
export interface ShiftTest {
  /** Draws windows of one size from the reference; the answer judges windows of that size. */
  calibrate(options: CalibrationOptions): (window: Measured) => ShiftFinding;
}

/** Larger windows are drawn with so many rows: the law of squared distances no longer changes with the size. */
const MOST_DRAWN = 2_000;
/** So many of the drawn windows say how large effects are by chance. */
const SIZED = 25;

/**
 * Has anything changed, in many measured numbers of the rows at once? The largest and the summed squared distances of
 * every part get p values by windows that are drawn from the reference, their harmonic mean (Wilson 2019, The harmonic
 * mean p-value, PNAS 116) makes them one, and that is held against other such windows. So the parts may depend on each
 * other in any way: the windows carry that. Two-sample tests on what models make of images are from Rabanser et al.
 * 2019, Failing Loudly.
 *
 * @param reference at least 4 rows, which nothing that measures was learnt from
 */
export function prepareShiftTest(reference: Measured): ShiftTest {
  const parts = reference.parts.map(knowPart);
  const keys = parts.map((part) => part.keysOf(part.part));
  const all = reference.rows;

  /**
   * A window of k rows out of N differs from all N with the variance (N − k) / (k N); n fresh rows differ from a
   * reference of N with (N + n) / (n N).
   */
  function drawWindows({ rows, draws, seed }: CalibrationOptions): readonly PartDifference[][] {
    const drawn = Math.max(1, Math.min(rows, all >> 1, MOST_DRAWN));
    const widen = ((all + rows) * drawn) / (rows * (all - drawn));
    const random = createRandom(seed, `shift/${rows}`);
    return Array.from({ length: draws }, (_, draw) => {
      const chosen = drawRows(all, drawn, random);
      const sized = draw < SIZED;
      return parts.map((part, at) => {
        const { columns, ...whole } = widened(part.compare(keys[at] ?? [], chosen, sized), widen);
        return { ...whole, columns: sized ? columns : [] };
      });
    });
  }

  function calibrate(options: CalibrationOptions): (window: Measured) => ShiftFinding {
    const chance = learnChance(parts, drawWindows(options));
    return (window) => {
      const found = parts.map((part, at) => {
        const measured = window.parts[at] ?? part.part;
        return part.compare(part.keysOf(measured), null, true);
      });
      return chance.judge(found);
    };
  }

  return { calibrate };
}

function widened({ squares, effect, columns }: PartDifference, widen: number): PartDifference {
  const root = Math.sqrt(widen);
  return {
    squares: squares.map((square) => square * widen),
    effect: effect * root,
    columns: columns.map((column) => ({ square: column.square * widen, effect: column.effect * root })),
  };
}

/** What chance alone does, learnt from drawn windows. */
function learnChance(parts: readonly KnownPart[], windows: readonly PartDifference[][]) {
  const half = windows.length >> 1;
  const [first, second] = [windows.slice(0, half), windows.slice(half)];
  const singles = parts.map((_, at) =>
    (first[0]?.[at]?.squares ?? []).map((_, place) =>
      sorted(first.map((window) => window[at]?.squares[place] ?? 0)),
    ),
  );
  const pValuesOf = (difference: PartDifference, at: number) =>
    difference.squares.map((square, place) => tail(singles[at]?.[place] ?? new Float64Array(0), square));
  const surprise = (pValues: readonly number[]) => -harmonicMean(pValues);
  const every = (window: readonly PartDifference[]) => surprise(window.flatMap(pValuesOf));
  const combined = sorted(second.map(every));
  const own = parts.map((_, at) =>
    sorted(second.map((window) => surprise(pValuesOf(window[at] as PartDifference, at)))),
  );

  function judge(found: readonly PartDifference[]): ShiftFinding {
    return {
      pValue: tail(combined, every(found)),
      parts: found.map((difference, at): PartFinding => {
        const { name, effectName, kind, columns } = (parts[at] as KnownPart).part;
        const pValues = pValuesOf(difference, at);
        const largest = singles[at]?.[0] ?? new Float64Array(0);
        const sized = windows.slice(0, SIZED);
        const byChance = (read: (window: PartDifference) => number) =>
          sized.reduce((sum, window) => sum + read(window[at] as PartDifference), 0) / sized.length;
        return {
          name,
          effectName,
          pValue: tail(own[at] ?? new Float64Array(0), surprise(pValues)),
          largestPValue: pValues[0] ?? 1,
          effect: difference.effect,
          effectByChance: byChance(({ effect }) => effect),
          columns:
            kind === "whole"
              ? []
              : columns.map(({ of }, column) => ({
                  of,
                  effect: difference.columns[column]?.effect ?? 0,
                  effectByChance: byChance((window) => window.columns[column]?.effect ?? 0),
                  pValue: tail(largest, difference.columns[column]?.square ?? 0),
                })),
        };
      }),
    };
  }

  return { judge };
}
