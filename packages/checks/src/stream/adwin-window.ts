import type { JsonObject } from "../json/json.ts";
import type { JsonReader } from "../json/json-reader.ts";

/** Some records next to each other: their sum, and the sum of squares about their mean. */
interface Bucket {
  readonly total: number;
  readonly variation: number;
}

/** The last records as an exponential histogram: row i holds buckets of 2^i records, the oldest first. */
export interface Window {
  width: number;
  total: number;
  variation: number;
  /** Records since the last test. */
  sinceTest: number;
  readonly rows: Bucket[][];
}

export function emptyWindow(): Window {
  return { width: 0, total: 0, variation: 0, sinceTest: 0, rows: [[]] };
}

/** Takes a record in; two buckets of a row that has grown too long become one of the next. */
export function insertRecord(window: Window, value: number, maxBuckets: number): void {
  if (window.width > 0) {
    const distance = value - window.total / window.width;
    window.variation += (window.width * distance * distance) / (window.width + 1);
  }
  window.width += 1;
  window.total += value;
  window.rows[0]?.push({ total: value, variation: 0 });
  for (let level = 0; level < window.rows.length; level += 1) {
    const row = window.rows[level] as Bucket[];
    if (row.length <= maxBuckets) return;
    const merged = merge(row.shift() as Bucket, row.shift() as Bucket, 2 ** level);
    const next = window.rows[level + 1];
    if (next) next.push(merged);
    else window.rows.push([merged]);
  }
}

function merge(a: Bucket, b: Bucket, size: number): Bucket {
  const distance = (a.total - b.total) / size;
  return {
    total: a.total + b.total,
    variation: a.variation + b.variation + (size * distance * distance) / 2,
  };
}

/** Forgets the oldest bucket of a window of at least two. */
export function dropOldest(window: Window): void {
  const size = 2 ** (window.rows.length - 1);
  const oldest = window.rows.at(-1)?.shift() as Bucket;
  window.width -= size;
  window.total -= oldest.total;
  const distance = oldest.total / size - window.total / window.width;
  const between = (size * window.width * distance * distance) / (size + window.width);
  // What is left of large differences may fall below nothing in the last digits.
  window.variation = Math.max(0, window.variation - oldest.variation - between);
  while (window.rows.length > 1 && window.rows.at(-1)?.length === 0) window.rows.pop();
}

export function saveWindow({ width, total, variation, sinceTest, rows }: Window): JsonObject {
  return { width, total, variation, sinceTest, rows: rows.map((row) => row.map(pairOf)) };
}

function pairOf({ total, variation }: Bucket): readonly [number, number] {
  return [total, variation];
}

export function loadWindow(saved: JsonObject, maxBuckets: number, read: JsonReader): Window {
  const rows = read.list(saved.rows, "memory.rows").map((row, level) => {
    const path = `memory.rows[${level}]`;
    const buckets = read
      .list(row, path)
      .map((bucket, index) => loadBucket(bucket, `${path}[${index}]`, read));
    return buckets.length <= maxBuckets ? buckets : read.fail(path, row, `at most ${maxBuckets} buckets`);
  });
  const width = read.whole(saved.width, "memory.width");
  const records = rows.reduce((sum, row, level) => sum + row.length * 2 ** level, 0);
  if (rows.length === 0 || records !== width)
    read.fail("memory.width", width, `${records}, as its rows hold`);
  return {
    width,
    total: read.finite(saved.total, "memory.total"),
    variation: read.finite(saved.variation, "memory.variation"),
    sinceTest: read.whole(saved.sinceTest, "memory.sinceTest"),
    rows,
  };
}

function loadBucket(bucket: unknown, path: string, read: JsonReader): Bucket {
  const [total, variation] = read.list(bucket, path);
  return { total: read.finite(total, path), variation: read.finite(variation, path) };
}
