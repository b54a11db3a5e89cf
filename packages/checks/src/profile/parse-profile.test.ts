import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseProfile } from "./parse-profile.ts";
import { profileColumns } from "./profile-columns.ts";

const values = Array.from({ length: 400 }, (_, row) => row / 4);
const text = JSON.stringify(profileColumns({ x: values }, { seed: 1, sampleSize: 8, bins: 4 }));

type Document = ReturnType<typeof JSON.parse>;

/** The saved profile with a part of it replaced. */
function withProfile(change: (profile: Document) => void): unknown {
  const document = JSON.parse(text);
  change(document);
  return document;
}

function withColumn(change: (column: Document) => void): unknown {
  return withProfile(({ columns }) => change(columns[0]));
}

const corruptions: [string, unknown, RegExp][] = [
  ["a text cut short", text.slice(0, -5), /is not JSON/],
  ["an empty text", "", /is not JSON/],
  ["a list", "[]", /The profile is \[\], not an object/],
  ["another document", "{}", /"format" is missing, not "scanflow-profile"/],
  ["no columns", { ...JSON.parse(text), columns: null }, /"columns" is null, not a list/],
  [
    "a column twice",
    withProfile((p) => (p.columns = [p.columns[0], p.columns[0]])),
    /"columns\[1\].name" is "x"/,
  ],
  ["a kind that is none", withColumn((x) => Object.assign(x, { kind: "n" })), /"columns\[0\].kind" is "n"/],
  ["a count below zero", withColumn((x) => Object.assign(x, { count: -1 })), /"columns\[0\].count" is -1/],
  [
    "nulls that are too many",
    withColumn((x) => Object.assign(x, { nulls: 9 })),
    /sum to the profile's rows 400/,
  ],
  [
    "a text for a mean",
    withColumn((x) => Object.assign(x.moments, { mean: "5" })),
    /\[0\].moments.mean" is "5"/,
  ],
  ["a missing moment", withColumn((x) => delete x.moments.m2), /"columns\[0\].moments.m2" is missing/],
  ["a negative spread", withColumn((x) => Object.assign(x.moments, { m2: -1 })), /moments.m2" is -1/],
  ["no minimum", withColumn((x) => Object.assign(x, { min: null })), /"columns\[0\].min" is null/],
  [
    "a minimum above the maximum",
    withColumn((x) => Object.assign(x, { min: 999 })),
    /"columns\[0\].min" is 999/,
  ],
  [
    "more whole numbers than numbers",
    withColumn((x) => Object.assign(x, { whole: 401 })),
    /whole" is 401, not at most/,
  ],
  [
    "cuts that do not rise",
    withColumn((x) => Object.assign(x, { histogram: { cuts: [1, 1], counts: [4, 0, 396] } })),
    /"columns\[0\].histogram.cuts\[1\]" is 1/,
  ],
  [
    "a bin too few",
    withColumn((x) => Object.assign(x, { histogram: { cuts: [1], counts: [400] } })),
    /"columns\[0\].histogram.counts" is \[400\], not a list of 2 counts/,
  ],
  [
    "counts that do not add up",
    withColumn((x) => Object.assign(x, { histogram: { cuts: [1], counts: [4, 4] } })),
    /sum to the column's count 400/,
  ],
  [
    "a sketch that lacks values",
    withColumn((x) => x.quantiles.levels[0].pop()),
    /levels that stand for 400 values/,
  ],
  [
    "a sketch out of order",
    withColumn((x) => x.quantiles.levels[0].reverse()),
    /levels\[0\]\[1\]" is .* before it/,
  ],
  [
    "registers that are cut short",
    withColumn((x) => Object.assign(x, { distinct: { registers: "00" } })),
    /distinct.registers" is "00"/,
  ],
  [
    "neither values nor sketches",
    withColumn((x) => Object.assign(x, { distinct: null })),
    /distinct" is null/,
  ],
  [
    "a sample that is too short",
    withProfile((p) => p.sample.rows.pop()),
    /"sample.rows" is .* not a list of 8/,
  ],
  [
    "a row twice in the sample",
    withProfile((p) => p.sample.rows.fill(3)),
    /not a list of distinct row numbers/,
  ],
  [
    "a sampled column cut short",
    withProfile((p) => p.sample.columns[0].values.pop()),
    /"sample.columns\[0\].values" is .*, not a list of 8 values/,
  ],
  [
    "a sampled value that is no number",
    withProfile((p) => (p.sample.columns[0].values[2] = "nine")),
    /"sample.columns\[0\].values\[2\]" is "nine"/,
  ],
  [
    "rows that no span has",
    withProfile((p) => (p.spans = [[0, 399]])),
    /"spans" is .* not spans of 400 rows/,
  ],
  [
    "spans that overlap",
    withProfile(
      (p) =>
        (p.spans = [
          [0, 300],
          [200, 300],
        ]),
    ),
    /"spans\[1\]"/,
  ],
];

test.each(corruptions)("%s is refused, with its place and what to do", (_, document, message) => {
  expect(() => parseProfile(document)).toThrow(expect.objectContaining({ code: "SCANFLOW_PROFILE_INVALID" }));
  expect(() => parseProfile(document)).toThrow(message);
  expect(() => parseProfile(document)).toThrow(/Make the profile again from the reference data\.$/);
});

test.each([
  [1, /make the profile again from the reference data with profileColumns/],
  [3, /Upgrade @scanflow\/checks/],
])("version %i is refused by a code of its own, with what to do", (version, message) => {
  const other = { ...JSON.parse(text), version };
  expect(() => parseProfile(other)).toThrow(expect.objectContaining({ code: "SCANFLOW_PROFILE_VERSION" }));
  expect(() => parseProfile(other)).toThrow(message);
});

describe("whatever part of a profile is replaced by whatever", () => {
  const rows = Array.from({ length: 300 }, (_, row) => row);
  const rich = profileColumns(
    {
      x: rows.map((row) => row / 7),
      few: rows.map((row) => row % 3),
      word: rows.map((row) => `w${row % 50}`),
      yes: rows.map((row) => row % 2 === 0),
      when: rows.map((row) => new Date(row * 1e9)),
    },
    {
      seed: 1,
      sampleSize: 5,
      bins: 3,
      categories: 20,
      slices: ["yes"],
      time: { column: "when", bucketMs: 1e11 },
    },
  );
  const saved = JSON.stringify(rich);

  /** Every place of the document, as the keys that lead to it. */
  function placesOf(value: unknown): string[][] {
    if (typeof value !== "object" || value === null) return [[]];
    return [
      [],
      ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner).map((path) => [key, ...path])),
    ];
  }

  const places = placesOf(JSON.parse(saved)).slice(1);
  const replacement = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(null, -1, 0, 1.5, 1e300, "", [], {}, undefined),
  );

  test("it is read as a whole profile or refused by its code", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), replacement, (path, value) => {
        const document = JSON.parse(saved);
        let holder = document;
        for (const key of path.slice(0, -1)) holder = holder[key];
        holder[path.at(-1) ?? ""] = value;
        try {
          const read = parseProfile(JSON.stringify(document));
          expect(parseProfile(JSON.stringify(read))).toEqual(read);
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^SCANFLOW_PROFILE_(INVALID|VERSION)$/);
        }
      }),
      { numRuns: 600 },
    );
  });
});
