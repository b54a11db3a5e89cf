import type { RandomState } from "../random/random.ts";
import { equalSizesPValues } from "./equal-sizes-p-values.ts";

const OLD = 0;
const DRAWN = -1;
const NEW = 1;

/** The last values in a ring, and the order of their sizes, which each record changes at two places. */
export interface KswinMemory {
  readonly values: Float64Array;
  /** Slots of the ring by rising value. */
  readonly sorted: Int32Array;
  /** Of each slot, what it adds to the difference of the two counts: is its value new, old, or old and drawn? */
  readonly weights: Int8Array;
  /** Ages of the old values, to draw from. */
  readonly pool: Int32Array;
  /** Slots that are drawn. */
  readonly drawn: Int32Array;
  readonly pValues: Float64Array;
  readonly random: { below(limit: number): number; state(): RandomState };
  filled: number;
  /** The slot of the next value: once the ring is full, that of the oldest. */
  next: number;
  distance: number;
  pValue: number;
}

export function emptyMemory(parts: {
  readonly windowSize: number;
  readonly statSize: number;
  readonly random: KswinMemory["random"];
}): KswinMemory {
  const { windowSize, statSize, random } = parts;
  return {
    values: new Float64Array(windowSize),
    sorted: new Int32Array(windowSize),
    weights: new Int8Array(windowSize),
    pool: new Int32Array(windowSize - statSize),
    drawn: new Int32Array(statSize),
    pValues: equalSizesPValues(statSize),
    random,
    filled: 0,
    next: 0,
    distance: 0,
    pValue: 1,
  };
}

/** Puts a value in the place of the oldest. */
export function takeValue(memory: KswinMemory, value: number, statSize: number): void {
  const { values, sorted, weights, next: slot } = memory;
  const size = values.length;
  if (memory.filled === size) {
    const place = sorted.indexOf(slot);
    sorted.copyWithin(place, place + 1, size);
  } else {
    memory.filled += 1;
  }
  const last = memory.filled - 1;
  const place = placeOf(memory, value, last);
  sorted.copyWithin(place + 1, place, last);
  sorted[place] = slot;
  values[slot] = value;
  weights[slot] = NEW;
  weights[(slot - statSize + size) % size] = OLD;
  memory.next = (slot + 1) % size;
}

/** Among the first `count` of the sorted: behind all that are not greater. */
function placeOf({ values, sorted }: KswinMemory, value: number, count: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[sorted[middle] as number] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Marks as many of the old values of a full window as there are new ones, drawn without putting back. */
export function drawOlder({ pool, weights, drawn, random, next }: KswinMemory): void {
  const size = weights.length;
  for (let age = 0; age < pool.length; age += 1) pool[age] = age;
  for (let count = 0; count < drawn.length; count += 1) {
    const left = pool.length - count;
    const pick = random.below(left);
    const place = next + (pool[pick] as number);
    const slot = place < size ? place : place - size;
    drawn[count] = slot;
    weights[slot] = DRAWN;
    pool[pick] = pool[left - 1] as number;
  }
}

/** By how many values the counts of new and of drawn ones up to some value differ at most; forgets the draw. */
export function largestGap({ values, sorted, weights, drawn }: KswinMemory): number {
  let difference = 0;
  let largest = 0;
  let before = values[sorted[0] as number] as number;
  for (let rank = 0; rank < sorted.length; rank += 1) {
    const slot = sorted[rank] as number;
    const value = values[slot] as number;
    if (value !== before) {
      largest = Math.max(largest, Math.abs(difference));
      before = value;
    }
    difference += weights[slot] as number;
  }
  for (let count = 0; count < drawn.length; count += 1) weights[drawn[count] as number] = OLD;
  return largest;
}
