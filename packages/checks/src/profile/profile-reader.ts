import type { JsonObject } from "../json/json.ts";
import { createJsonReader } from "../json/json-reader.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { SegmentColumn } from "./segmentation.ts";

const reader = createJsonReader(
  "SCANFLOW_PROFILE_INVALID",
  "The profile",
  "Make the profile again from the reference data.",
);

/** What counts add up to, and what that is. */
type Total = readonly [total: number, what: string];

/** Reads the parts of a saved profile. */
export const readProfile = {
  ...reader,
  /** A finite number, or null. */
  number(value: unknown, path: string): number | null {
    return value === null ? null : reader.finite(value, path);
  },
  numbers(value: unknown, path: string): number[] {
    const list = reader.list(value, path);
    const wrong = list.findIndex((entry) => !Number.isFinite(entry));
    if (wrong >= 0) reader.finite(list[wrong], `${path}[${wrong}]`);
    return list as number[];
  },
  counts(value: unknown, path: string): number[] {
    const list = reader.list(value, path);
    const wrong = list.findIndex((entry) => !(Number.isSafeInteger(entry) && (entry as number) >= 0));
    if (wrong >= 0) reader.whole(list[wrong], `${path}[${wrong}]`);
    return list as number[];
  },
  /** @param equal whether equal numbers may follow each other */
  rising(value: unknown, path: string, { equal }: { readonly equal: boolean }): number[] {
    const numbers = this.numbers(value, path);
    const wrong = numbers.findIndex((number, place) => {
      const before = numbers[place - 1];
      return before !== undefined && (equal ? number < before : number <= before);
    });
    if (wrong >= 0) {
      const wanted = equal ? "at or above the number before it" : "above the number before it";
      reader.fail(`${path}[${wrong}]`, numbers[wrong], wanted);
    }
    return numbers;
  },
  /** Any text, even an empty one. */
  string(value: unknown, path: string): string {
    return typeof value === "string" ? value : reader.fail(path, value, "a text");
  },
  /** A whole number of some of `count` values. */
  part(value: unknown, path: string, count: number): number {
    const part = reader.whole(value, path);
    return part <= count ? part : reader.fail(path, part, `at most the count ${count}`);
  },
  /** A part that is of a column of the profile: of its name and its kind. */
  ofColumn(value: unknown, path: string, { name, kind }: Pick<ColumnProfile, "name" | "kind">): JsonObject {
    const part = reader.object(value, path);
    if (part.name !== name)
      reader.fail(`${path}.name`, part.name, `the name of the profile's column "${name}"`);
    if (part.kind !== kind) reader.fail(`${path}.kind`, part.kind, `"${kind}", as in the profile's column`);
    return part;
  },
  /** Makes sure that what a column holds adds up to the rows. */
  rows(column: ColumnProfile | SegmentColumn, path: string, whole: Total): void {
    const counts = [column.count, column.nulls];
    if (column.kind === "number" || column.kind === "time") counts.push(column.nan, column.infinite);
    this.total(counts, path, whole);
  },
  /** Makes sure that counts add up. */
  total(counts: readonly number[], path: string, [total, what]: Total): void {
    const sum = counts.reduce((all, count) => all + count, 0);
    if (sum !== total) reader.fail(path, counts, `counts that sum to ${what} ${total}`);
  },
};
