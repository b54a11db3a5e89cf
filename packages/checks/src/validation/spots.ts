const ROWS = 10;
const EXAMPLES = 5;
const LONGEST = 80;

/** Rows that break a rule: how many, the first of them (counted from 1) and some of their values. */
export interface Spots {
  readonly count: number;
  readonly rows: readonly number[];
  readonly examples: readonly (string | number)[];
  /** @param row counted from 0 */
  add(row: number, example?: string | number): void;
}

export function createSpots(): Spots {
  const rows: number[] = [];
  const examples = new Set<string | number>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    rows,
    get examples() {
      return [...examples];
    },
    add(row, example) {
      count += 1;
      if (rows.length < ROWS) rows.push(row + 1);
      if (example !== undefined && examples.size < EXAMPLES) examples.add(plain(example));
    },
  };
}

/** As JSON can hold it, and not longer than a person reads. */
function plain(example: string | number): string | number {
  if (typeof example === "number") return Number.isFinite(example) ? example + 0 : String(example);
  return example.length > LONGEST
    ? `${example.slice(0, LONGEST - 1).toWellFormed()}…`
    : example.toWellFormed();
}
