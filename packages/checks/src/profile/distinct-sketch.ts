import { mix } from "../random/mix.ts";
import { hashText } from "../random/random.ts";

/**
 * A HyperLogLog sketch of how many values differ (Flajolet, Fusy, Gandouet and Meunier 2007). Two sketches join
 * exactly: the greater of each two registers.
 */
export interface DistinctSketch {
  /** 4,096 registers, a character of `0-9A-Za-z-_` each, for 0 to 63. */
  readonly registers: string;
}

const BITS = 12;
export const REGISTERS = 1 << BITS;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const TAIL = 32;
const LETTERS = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const NO_PLACE = 255;
/** The register's value by its letter. */
const PLACES = new Uint8Array(128).fill(NO_PLACE);
for (const [place, letter] of LETTERS.entries()) PLACES[letter] = place;

export function noRegisters(): Uint8Array {
  return new Uint8Array(REGISTERS);
}

/** Adds sorted numbers by the bits of their floats, equal ones once. */
export function addNumbers(registers: Uint8Array, sorted: Float64Array): void {
  const words = new Uint32Array(sorted.buffer, sorted.byteOffset, 2 * sorted.length);
  let last = Number.NaN;
  for (let at = 0; at < sorted.length; at += 1) {
    const value = sorted[at] as number;
    if (value === last) continue;
    last = value;
    const low = words[2 * at] as number;
    const high = words[2 * at + 1] as number;
    const place = mix(Math.imul(low, 0x9e3779b1) ^ high);
    raise(registers, place, mix(Math.imul(high, 0x85ebca77) ^ low ^ place));
  }
}

export function addText(registers: Uint8Array, text: string): void {
  raise(registers, hashText(text, 0x3c6ef372), hashText(text, 0xa54ff53a));
}

function raise(registers: Uint8Array, place: number, tail: number): void {
  const register = place >>> (32 - BITS);
  const rank = Math.clz32(tail) + 1;
  if (rank > (registers[register] as number)) registers[register] = rank;
}

export function closeRegisters(registers: Uint8Array): DistinctSketch {
  const letters = new Array<number>(REGISTERS);
  for (let at = 0; at < REGISTERS; at += 1) letters[at] = LETTERS[registers[at] as number] as number;
  // Ten times as fast as to spread them.
  return { registers: String.fromCharCode.apply(null, letters) };
}

/** null when it is no text of registers. */
export function openRegisters(text: string): Uint8Array | null {
  if (text.length !== REGISTERS) return null;
  const registers = new Uint8Array(REGISTERS);
  for (let at = 0; at < REGISTERS; at += 1) {
    const register = PLACES[text.charCodeAt(at)] ?? NO_PLACE;
    if (register > TAIL + 1) return null;
    registers[at] = register;
  }
  return registers;
}

export function mergeRegisters(into: Uint8Array, other: Uint8Array): void {
  for (let at = 0; at < into.length; at += 1) {
    if ((other[at] as number) > (into[at] as number)) into[at] = other[at] as number;
  }
}

/**
 * How many values differ, with a standard error of 1.6 %, at any size (Ertl 2017, New cardinality estimation
 * algorithms for HyperLogLog sketches, algorithm 6).
 */
export function estimateDistinct(registers: Uint8Array): number {
  const ranks = new Float64Array(TAIL + 2);
  for (const register of registers) ranks[register] = (ranks[register] as number) + 1;
  let sum = REGISTERS * tau(1 - (ranks[TAIL + 1] as number) / REGISTERS);
  for (let rank = TAIL; rank >= 1; rank -= 1) sum = 0.5 * (sum + (ranks[rank] as number));
  sum += REGISTERS * sigma((ranks[0] as number) / REGISTERS);
  return REGISTERS ** 2 / (2 * Math.LN2) / sum;
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY;
  let x = share;
  let y = 1;
  let sum = x;
  for (let last = Number.NaN; sum !== last; ) {
    x *= x;
    last = sum;
    sum += x * y;
    y += y;
  }
  return sum;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let sum = 1 - x;
  for (let last = Number.NaN; sum !== last; ) {
    x = Math.sqrt(x);
    last = sum;
    y *= 0.5;
    sum -= (1 - x) ** 2 * y;
  }
  return sum / 3;
}
