import { ChecksError } from "../errors.ts";
import { shown } from "../json/json-reader.ts";
import { parseColumnProfile } from "./parse-column-profile.ts";
import { parseSample } from "./parse-sample.ts";
import { parseSegmentation } from "./parse-segmentation.ts";
import type { Profile } from "./profile.ts";
import { readProfile as read } from "./profile-reader.ts";

/**
 * Reads a saved profile and makes sure that it is whole: every part there, of its type, and not contradicting the
 * others.
 *
 * @param input the JSON text, or what `JSON.parse` made of it
 * @throws ChecksError SCANFLOW_PROFILE_INVALID naming the part that is corrupted; SCANFLOW_PROFILE_VERSION when the
 * profile was written by an earlier or a later version
 */
export function parseProfile(input: unknown): Profile {
  const document = read.document(input);
  if (document.format !== "scanflow-profile") read.fail("format", document.format, '"scanflow-profile"');
  checkVersion(document.version);
  const seed = read.finite(document.seed, "seed");
  const rows = read.whole(document.rows, "rows");
  const listed = read.list(document.columns, "columns");
  const columns = listed.map((column, place) => parseColumnProfile(column, `columns[${place}]`, rows));
  const twice = columns.findIndex(({ name }, place) =>
    columns.some((other, at) => at < place && other.name === name),
  );
  if (twice >= 0)
    read.fail(`columns[${twice}].name`, columns[twice]?.name, "a name that no column before it has");
  return {
    format: "scanflow-profile",
    version: 2,
    seed,
    rows,
    spans: parseSpans(document.spans, rows),
    columns,
    sample: parseSample(document.sample, "sample", { rows, columns }),
    segmentations: read
      .list(document.segmentations, "segmentations")
      .map((entry, place) => parseSegmentation(entry, `segmentations[${place}]`, { rows, columns })),
  };
}

function checkVersion(version: unknown): void {
  if (version === 2) return;
  const action =
    version === 1
      ? "Version 1 kept numbers only and no rows: make the profile again from the reference data with profileColumns."
      : "Upgrade @scanflow/checks, or make the profile again with this version.";
  throw new ChecksError(
    "SCANFLOW_PROFILE_VERSION",
    `The profile has ${version === undefined ? "no version" : `version ${shown(version)}`}; this program reads version 2. ${action}`,
  );
}

function parseSpans(value: unknown, rows: number): [number, number][] {
  let end = -1;
  let total = 0;
  const spans = read.list(value, "spans").map((entry, place): [number, number] => {
    const path = `spans[${place}]`;
    const span = read.list(entry, path);
    const from = read.whole(span[0], `${path}[0]`);
    const to = read.whole(span[1], `${path}[1]`);
    if (span.length !== 2 || from <= end || to <= from)
      read.fail(path, span, "a span that begins after the one before it");
    end = to;
    total += to - from;
    return [from, to];
  });
  if (total !== rows) read.fail("spans", spans, `spans of ${rows} rows in all`);
  return spans;
}
