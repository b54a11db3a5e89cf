/** Spreads each of 32 bits over all: two rounds of C. Wellons' `lowbias32` (Prospecting for hash functions). */
export function mix(value: number): number {
  let state = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
  return state ^ (state >>> 15);
}
