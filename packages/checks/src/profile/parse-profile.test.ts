import { expect, test } from "vitest";
import { parseProfile } from "./parse-profile.ts";
import { profileColumns } from "./profile-columns.ts";

const values = Array.from({ length: 40 }, (_, row) => row / 4);
const text = JSON.stringify(profileColumns({ x: values }, { seed: 1, sampleSize: 8, bins: 4 }));

/** The saved profile with one part of its column replaced. */
function withColumn(change: (column: Record<string, unknown>) => void): unknown {
  const document = JSON.parse(text);
  change(document.columns.x);
  return document;
}

const corruptions: [string, unknown, RegExp][] = [
  ["a text cut short", text.slice(0, -5), /is not JSON/],
  ["an empty text", "", /is not JSON/],
  ["a list", "[]", /The profile is \[\], not an object/],
  ["another document", "{}", /"format" is missing, not "scanflow-profile"/],
  ["no columns", { ...JSON.parse(text), columns: null }, /"columns" is null, not an object/],
  ["a count below zero", withColumn((x) => Object.assign(x, { count: -1 })), /"columns.x.count" is -1/],
  ["a text for a mean", withColumn((x) => Object.assign(x, { mean: "5" })), /"columns.x.mean" is "5"/],
  ["a missing deviation", withColumn((x) => delete x.sd), /"columns.x.sd" is missing/],
  ["a negative deviation", withColumn((x) => Object.assign(x, { sd: -1 })), /"columns.x.sd" is -1/],
  ["no minimum", withColumn((x) => Object.assign(x, { min: null })), /"columns.x.min" is null/],
  ["a minimum above the maximum", withColumn((x) => Object.assign(x, { min: 99 })), /"columns.x.min" is 99/],
  [
    "a sample that is too short",
    withColumn((x) => Object.assign(x, { sample: { limit: 8, values: [1, 2] } })),
    /"columns.x.sample.values" is \[1,2\], not a list of 8 numbers/,
  ],
  [
    "a sample out of order",
    withColumn((x) => Object.assign(x, { sample: { limit: 3, values: [1, 3, 2] } })),
    /"columns.x.sample.values\[2\]" is 2/,
  ],
  [
    "a sample outside the range",
    withColumn((x) => Object.assign(x, { sample: { limit: 2, values: [1, 99] } })),
    /"columns.x.sample.values" is 99, not at or below the column's max 9.75/,
  ],
  [
    "cuts that do not rise",
    withColumn((x) => Object.assign(x, { histogram: { cuts: [1, 1], counts: [4, 0, 36] } })),
    /"columns.x.histogram.cuts\[1\]" is 1/,
  ],
  [
    "a bin too few",
    withColumn((x) => Object.assign(x, { histogram: { cuts: [1], counts: [40] } })),
    /"columns.x.histogram.counts" is \[40\], not a list of 2 counts/,
  ],
  [
    "counts that do not add up",
    withColumn((x) => Object.assign(x, { histogram: { cuts: [1], counts: [4, 4] } })),
    /sum to the column's count 40/,
  ],
];

test.each(corruptions)("%s is refused, with its place and what to do", (_, document, message) => {
  expect(() => parseProfile(document)).toThrow(expect.objectContaining({ code: "SCANFLOW_PROFILE_INVALID" }));
  expect(() => parseProfile(document)).toThrow(message);
  expect(() => parseProfile(document)).toThrow(/Make the profile again from the reference data\.$/);
});

test("a later version is refused by a code of its own", () => {
  const later = { ...JSON.parse(text), version: 2 };
  expect(() => parseProfile(later)).toThrow(expect.objectContaining({ code: "SCANFLOW_PROFILE_VERSION" }));
});
