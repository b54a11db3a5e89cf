import { ChecksError } from "../errors.ts";
import { createJsonReader } from "../json/json-reader.ts";
import type { ColumnProfile, Histogram, Profile, Reservoir } from "./profile.ts";

const ACTION = "Make the profile again from the reference data.";
const read = createJsonReader("SCANFLOW_PROFILE_INVALID", "The profile", ACTION);

/**
 * Reads a saved profile and makes sure that it is whole: every part there, of its type, and not contradicting the
 * others.
 *
 * @param input the JSON text, or what `JSON.parse` made of it
 * @throws ChecksError SCANFLOW_PROFILE_INVALID naming the part that is corrupted; SCANFLOW_PROFILE_VERSION when the
 * profile was written by a later version
 */
export function parseProfile(input: unknown): Profile {
  const document = read.document(input);
  if (document.format !== "scanflow-profile") read.fail("format", document.format, '"scanflow-profile"');
  if (document.version !== 1) {
    throw new ChecksError(
      "SCANFLOW_PROFILE_VERSION",
      `The profile has version ${JSON.stringify(document.version)}; this program reads version 1. ` +
        "Upgrade @scanflow/checks, or make the profile again with this version.",
    );
  }
  const columns = Object.entries(read.object(document.columns, "columns"));
  const parsed = columns.map(([name, column]) => [name, parseColumn(column, `columns.${name}`)]);
  return {
    format: "scanflow-profile",
    version: 1,
    seed: read.finite(document.seed, "seed"),
    columns: Object.fromEntries(parsed),
  };
}

function parseColumn(value: unknown, path: string): ColumnProfile {
  const column = read.object(value, path);
  const number = (key: string): number | null =>
    column[key] === null ? null : read.finite(column[key], `${path}.${key}`);
  const count = read.whole(column.count, `${path}.count`);
  const parsed: ColumnProfile = {
    count,
    nulls: read.whole(column.nulls, `${path}.nulls`),
    infinite: read.whole(column.infinite, `${path}.infinite`),
    min: number("min"),
    max: number("max"),
    mean: number("mean"),
    sd: number("sd"),
    sample: parseReservoir(column.sample, `${path}.sample`, count),
    histogram: parseHistogram(column.histogram, `${path}.histogram`, count),
  };
  checkRange(parsed, path);
  return parsed;
}

function parseReservoir(value: unknown, path: string, count: number): Reservoir {
  const reservoir = read.object(value, path);
  const limit = read.whole(reservoir.limit, `${path}.limit`);
  const values = numbers(reservoir.values, `${path}.values`);
  const size = Math.min(count, limit);
  if (values.length !== size) read.fail(`${path}.values`, values, `a list of ${size} numbers`);
  const fall = values.findIndex((number, index) => number < (values[index - 1] ?? number));
  if (fall >= 0) read.fail(`${path}.values[${fall}]`, values[fall], "at or above the value before it");
  return { limit, values };
}

function parseHistogram(value: unknown, path: string, count: number): Histogram {
  const histogram = read.object(value, path);
  const cuts = numbers(histogram.cuts, `${path}.cuts`);
  const flat = cuts.findIndex((cut, index) => index > 0 && cut <= (cuts[index - 1] as number));
  if (flat >= 0) read.fail(`${path}.cuts[${flat}]`, cuts[flat], "above the cut before it");
  const listed = read.list(histogram.counts, `${path}.counts`);
  const counts = listed.map((entry, index) => read.whole(entry, `${path}.counts[${index}]`));
  if (counts.length !== cuts.length + 1) {
    read.fail(`${path}.counts`, counts, `a list of ${cuts.length + 1} counts, one more than there are cuts`);
  }
  const total = counts.reduce((sum, entry) => sum + entry, 0);
  if (total !== count) read.fail(`${path}.counts`, counts, `counts that sum to the column's count ${count}`);
  return { cuts, counts };
}

function numbers(value: unknown, path: string): number[] {
  return read.list(value, path).map((entry, index) => read.finite(entry, `${path}[${index}]`));
}

function checkRange({ count, min, max, sd, sample }: ColumnProfile, path: string): void {
  if ((min === null) !== (count === 0)) read.fail(`${path}.min`, min, `what ${count} values have`);
  if ((max === null) !== (count === 0)) read.fail(`${path}.max`, max, `what ${count} values have`);
  if (sd !== null && sd < 0) read.fail(`${path}.sd`, sd, "0 or more");
  if (min === null || max === null) return;
  if (min > max) read.fail(`${path}.min`, min, `at or below the column's max ${max}`);
  const lowest = sample.values[0] ?? min;
  const highest = sample.values.at(-1) ?? max;
  if (lowest < min) read.fail(`${path}.sample.values[0]`, lowest, `at or above the column's min ${min}`);
  if (highest > max) read.fail(`${path}.sample.values`, highest, `at or below the column's max ${max}`);
}
