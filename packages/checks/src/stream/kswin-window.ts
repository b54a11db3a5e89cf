import type { RandomState } from "../random/random.ts";
import { equalSizesPValues } from "./equal-sizes-p-values.ts";

const OLD = 0;
const DRAWN = 1;
const NEW = 2;

/** The last values in a ring, and the order of their sizes, which each record changes at two places. */
export interface KswinMemory {
  readonly values: Float64Array;
  /** Slots of the ring by rising value. */
  readonly sorted: Int32Array;
  /** Of each slot: is its value new, old, or old and drawn for this test? */
  readonly roles: Uint8Array;
  readonly pool: Int32Array;
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
    roles: new Uint8Array(windowSize),
    pool: new Int32Array(windowSize - statSize),
    pValues: equalSizesPValues(statSize),
    ...{ random, filled: 0, next: 0, distance: 0, pValue: 1 },
  };
}

/** Puts a value in the place of the oldest. */
export function takeValue(memory: KswinMemory, value: number, statSize: number): void {
  const { values, sorted, roles, next: slot } = memory;
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
  roles[slot] = NEW;
  roles[(slot - statSize + size) % size] = OLD;
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

/** Marks `count` of the old values of a full window, drawn without putting back. */
export function drawOlder(memory: KswinMemory, count: number): void {
  const { pool, roles, random, next } = memory;
  const size = roles.length;
  for (let age = 0; age < pool.length; age += 1) pool[age] = age;
  for (let drawn = 0; drawn < count; drawn += 1) {
    const left = pool.length - drawn;
    const pick = random.below(left);
    roles[(next + (pool[pick] as number)) % size] = DRAWN;
    pool[pick] = pool[left - 1] as number;
  }
}

/** By how many values the counts of new and of drawn ones up to some value differ at most; forgets the draw. */
export function largestGap({ values, sorted, roles }: KswinMemory): number {
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
    const role = roles[slot];
    if (role === NEW) {
      difference += 1;
    } else if (role === DRAWN) {
      difference -= 1;
      roles[slot] = OLD;
    }
  }
  return largest;
}
