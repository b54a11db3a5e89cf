/** Rows that are remembered: their keys, 32 MB at most; later ones are compared with them and not kept. */
export const MOST_SEEN = 2_000_000;

/** Which rows were seen, by their keys, and with which label. */
export interface SeenRows {
  /** The label's hash that the key was seen with first, and undefined when it is new; it is then kept. */
  see(key: number, label: number): number | undefined;
  has(key: number): boolean;
  readonly size: number;
}

/** A hash table of whole numbers, open and at most half full. */
export function createSeenRows(most = MOST_SEEN): SeenRows {
  let keys = new Float64Array(1_024).fill(-1);
  let labels = new Int32Array(1_024);
  let size = 0;

  function placeOf(key: number): number {
    const mask = keys.length - 1;
    let place = (Math.imul(key % 0x7fffffff, 0x9e3779b1) ^ (key / 0x80000)) & mask;
    while (keys[place] !== -1 && keys[place] !== key) place = (place + 1) & mask;
    return place;
  }

  function grow(): void {
    const [oldKeys, oldLabels] = [keys, labels];
    keys = new Float64Array(oldKeys.length * 2).fill(-1);
    labels = new Int32Array(oldKeys.length * 2);
    for (const [at, key] of oldKeys.entries()) {
      if (key === -1) continue;
      const place = placeOf(key);
      keys[place] = key;
      labels[place] = oldLabels[at] as number;
    }
  }

  return {
    see(key, label) {
      const place = placeOf(key);
      if (keys[place] === key) return labels[place];
      if (size >= most) return undefined;
      keys[place] = key;
      labels[place] = label;
      size += 1;
      if (size * 2 > keys.length) grow();
      return undefined;
    },
    has: (key) => keys[placeOf(key)] === key,
    get size() {
      return size;
    },
  };
}
