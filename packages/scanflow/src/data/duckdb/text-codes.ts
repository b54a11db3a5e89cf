import type { DuckDBVarCharVector } from "@duckdb/node-api";
import { textSlots } from "./vector-memory.ts";

/** Distinct texts beyond which a dictionary is begun anew, so that unique texts do not pile up. */
const MOST = 1 << 16;
/** DuckDB keeps texts up to so many bytes within their 16-byte slot, the rest of which is then zero. */
const INLINE = 12;

interface CodesTarget {
  readonly codes: Int32Array;
  readonly at: number;
}

/** Gives each text a number, over the chunks of a stream. */
export interface TextCodes {
  /** Before the rows of a batch: texts known so far stay, unless there are too many. */
  begin(): void;
  /** Writes the codes of the first `rows` texts to `codes` from `at` on. */
  write(vector: DuckDBVarCharVector, rows: number, target: CodesTarget): void;
  /** The texts of the batch by their codes. */
  dictionary(): readonly string[];
}

/** Short texts are told apart by their bytes, so that each is decoded once and not once a row. */
export function createTextCodes(): TextCodes {
  let texts: string[] = [];
  let places = new Map<string, number>();
  let size = 1024;
  let table = new Int32Array(size).fill(-1);
  let keys = new Uint32Array(size * 4);
  let used = 0;
  let given: readonly string[] | null = null;

  function begin(): void {
    if (texts.length <= MOST) return;
    texts = [];
    places = new Map();
    size = 1024;
    table = new Int32Array(size).fill(-1);
    keys = new Uint32Array(size * 4);
    used = 0;
  }

  function codeOf(text: string): number {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, texts.length);
    texts.push(text);
    given = null;
    return texts.length - 1;
  }

  function grow(): void {
    const [oldTable, oldKeys] = [table, keys];
    size *= 2;
    table = new Int32Array(size).fill(-1);
    keys = new Uint32Array(size * 4);
    for (const [slot, code] of oldTable.entries()) {
      if (code < 0) continue;
      const from = slot * 4;
      const place = find(oldKeys, from);
      table[place] = code;
      keys.set(oldKeys.subarray(from, from + 4), place * 4);
    }
  }

  /** The slot of the text whose four words stand at `from`, or the free one where it belongs. */
  function find(words: Uint32Array, from: number): number {
    const a = words[from] as number;
    const b = words[from + 1] as number;
    const c = words[from + 2] as number;
    const d = words[from + 3] as number;
    let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ b;
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) ^ c;
    hash = Math.imul(hash ^ (hash >>> 13), 0x27d4eb2f) ^ d;
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    let place = (hash ^ (hash >>> 16)) & (size - 1);
    while (table[place] !== -1) {
      const at = place * 4;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return place;
      place = (place + 1) & (size - 1);
    }
    return place;
  }

  function write(vector: DuckDBVarCharVector, rows: number, { codes, at }: CodesTarget): void {
    const words = textSlots(vector, rows);
    for (let row = 0; row < rows; row += 1) {
      const short = (words[row * 4] as number) <= INLINE;
      const place = short ? find(words, row * 4) : -1;
      const known = short ? (table[place] as number) : -1;
      codes[at + row] =
        known >= 0 ? known : learn(vector.getItem(row), words.subarray(row * 4, row * 4 + 4), place);
    }
  }

  /** @param place the free slot for a short text, else -1 */
  function learn(text: string | null, words: Uint32Array, place: number): number {
    if (text === null) return 0;
    const code = codeOf(text);
    if (place < 0) return code;
    table[place] = code;
    keys.set(words, place * 4);
    used += 1;
    if (used * 2 > size) grow();
    return code;
  }

  function dictionary(): readonly string[] {
    given ??= texts.slice();
    return given;
  }

  return { begin, write, dictionary };
}
