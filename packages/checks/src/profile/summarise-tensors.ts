import type { TensorColumn } from "../batch/column.ts";
import { tensorSize } from "../batch/tensor-size.ts";
import { isValid } from "../batch/validity.ts";
import { ChecksError } from "../errors.ts";
import type { TensorProfile } from "./column-profile.ts";
import { numberSettings, type RunningColumn, type SummarySettings } from "./running-column.ts";
import { summariseNumbers } from "./summarise-numbers.ts";

/** Each row's mean, least and greatest finite element, one after the other. */
export interface TensorRows {
  readonly means: Float64Array;
  readonly minima: Float64Array;
  readonly maxima: Float64Array;
  /** How many rows have a finite element. */
  readonly count: number;
  readonly nulls: number;
  readonly nonFinite: number;
  /** Rows without a fraction. */
  readonly whole: number;
}

export function summariseTensors(settings: SummarySettings): RunningColumn<TensorColumn, TensorProfile> {
  const { name } = settings;
  const numbers = (place: number, part: string) =>
    summariseNumbers(numberSettings(`${name}/${part}`, place, settings));
  const means = numbers(0, "means");
  const minima = numbers(1, "minima");
  const maxima = numbers(2, "maxima");
  let shape: readonly number[] | null = null;
  let count = 0;
  let nulls = 0;
  let nonFinite = 0;
  let whole = 0;

  return {
    add(column, rows) {
      const found = scanTensors(column, rows);
      if (found.nulls < rows) {
        if (shape !== null && shape.join() !== column.shape.join())
          throw otherShape(name, shape, column.shape);
        shape ??= column.shape;
      }
      means.add(found.means, found.count);
      minima.add(found.minima, found.count);
      maxima.add(found.maxima, found.count);
      count += rows - found.nulls;
      nulls += found.nulls;
      nonFinite += found.nonFinite;
      whole += found.whole;
    },
    close: () => ({
      kind: "tensor",
      name,
      nulls,
      count,
      shape: shape === null ? null : [...shape],
      nonFinite,
      whole,
      means: means.close(),
      minima: minima.close(),
      maxima: maxima.close(),
    }),
  };
}

export function scanTensors({ shape, values, validity }: TensorColumn, rows: number): TensorRows {
  const size = tensorSize(shape);
  const means = new Float64Array(rows);
  const minima = new Float64Array(rows);
  const maxima = new Float64Array(rows);
  let count = 0;
  let nulls = 0;
  let nonFinite = 0;
  let whole = 0;
  for (let row = 0; row < rows; row += 1) {
    if (!isValid(validity, row)) {
      nulls += 1;
      continue;
    }
    let sum = 0;
    let finite = 0;
    let fractions = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let at = row * size; at < (row + 1) * size; at += 1) {
      const value = values[at] as number;
      if (value - value !== 0) continue;
      sum += value;
      finite += 1;
      if (value !== Math.trunc(value)) fractions += 1;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (finite < size) nonFinite += 1;
    if (finite === 0) continue;
    if (fractions === 0) whole += 1;
    means[count] = sum / finite + 0;
    minima[count] = min + 0;
    maxima[count] = max + 0;
    count += 1;
  }
  return { means, minima, maxima, count, nulls, nonFinite, whole };
}

function otherShape(name: string, known: readonly number[], other: readonly number[]): ChecksError {
  return new ChecksError(
    "SCANFLOW_COLUMN_INVALID",
    `Column "${name}" has rows of the shape [${known}] and of [${other}]: give tensors of one shape.`,
  );
}
