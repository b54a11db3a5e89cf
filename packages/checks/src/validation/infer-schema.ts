import type { Dataset } from "../checker/checker.ts";
import { datasetOfProfile } from "../checker/dataset-of.ts";
import { rowsOf } from "../checker/dataset-rows.ts";
import { ChecksError } from "../errors.ts";
import type { Profile } from "../profile/profile.ts";
import { inferClasses } from "./infer-classes.ts";
import { inferColumn } from "./infer-column.ts";
import { inferCorrelations } from "./infer-correlations.ts";
import { FEWEST_KEYS, mayBeKey } from "./key-columns.ts";
import { createRowFacts, type RowFacts } from "./row-facts.ts";
import type { Schema } from "./schema.ts";
import { shareLimit } from "./share-limit.ts";

/** Settings of `inferSchema`. */
export interface InferSchemaOptions {
  /** The column to be predicted: then classes and conflicting labels are looked at. */
  readonly label?: string;
  /** Most texts of a column that are listed as its values; default 100. */
  readonly mostValues?: number;
}

/**
 * What other data of the same source must be like, learnt from a table. Rules leave room for chance: the shares in
 * them are upper 99.9 % bounds for the source, not what this sample happens to have, ranges go with a share that may
 * lie outside and with limits drawn on from the tails, and new texts are allowed as often as the texts that occur only
 * once suggest (Good and Turing: Good 1953, Biometrika 40). So a second sample of the same source breaks none, and
 * what few rows have shown is asked for loosely. Read the file, and tighten what you know better.
 *
 * ```ts
 * import { batchOf, datasetOf } from "@scanflow/checks";
 * import { inferSchema } from "@scanflow/checks/validation";
 *
 * const age = Array.from({ length: 500 }, (_, row) => 20 + (row % 50));
 * const schema = await inferSchema(datasetOf("january", batchOf({ age })));
 * console.log(schema.columns.age?.range); // [ 20, 69 ]
 * ```
 *
 * @param source a table, or its profile: whole rows are then those of its sample, and less is known of duplicates
 * @throws ChecksError SCANFLOW_SCHEMA_INVALID when the table has no rows, or the label is not a column of it
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when its batches are not those of one table
 */
export async function inferSchema(
  source: Dataset | Profile,
  { label, mostValues = 100 }: InferSchemaOptions = {},
): Promise<Schema> {
  const dataset = "format" in source ? datasetOfProfile("the profile", source) : source;
  const { name } = dataset;
  const profile = await dataset.profile();
  if (profile.rows === 0 || profile.columns.length === 0)
    throw invalid(`${name} has no rows: give data of the source that the schema is to describe.`);
  if (label !== undefined && !profile.columns.some((column) => column.name === label))
    throw invalid(`The label "${label}" is no column of ${name}: name one of ${namesOf(profile)}.`);
  const candidates = profile.columns.filter(
    (column) => mayBeKey(column, profile.rows) && column.name !== label,
  );
  const facts = await rowFacts(dataset, { label, names: candidates.map((column) => column.name) });
  const different = candidates
    .filter((column, place) => {
      const enough = column.kind === "text" || facts.rows >= FEWEST_KEYS;
      return facts.repeats[place]?.count === 0 && enough;
    })
    .map((column) => column.name);
  const keys = facts.rows >= FEWEST_KEYS ? different : [];
  const columns = profile.columns.map((column) => [
    column.name,
    inferColumn(column, {
      mostValues,
      unique: different.includes(column.name),
      sample: sampleTexts(profile, column.name),
    }),
  ]);
  const correlations = inferCorrelations(profile);
  return {
    format: "scanflow-schema",
    version: 1,
    rows: facts.rows,
    ...(label === undefined ? {} : { label, ...inferClasses(profile, label) }),
    duplicates: shareLimit(facts.duplicates.count, facts.rows),
    ...(label === undefined ? {} : { conflicts: shareLimit(facts.conflicts.count, facts.rows) }),
    overlap: shareLimit(facts.alike.count, facts.rows),
    // A key is believed as far as it was seen: the more rows there are, the more of them may repeat one by chance.
    ...(keys.length === 0
      ? {}
      : { keys: keys.map((key) => ({ columns: [key], repeats: shareLimit(0, facts.rows) })) }),
    ...(correlations.length === 0 ? {} : { correlations }),
    columns: Object.fromEntries(columns),
  };
}

function namesOf({ columns }: Profile): string {
  const names = columns.slice(0, 20).map(({ name }) => name);
  return columns.length > 20 ? `${names.join(", ")}, …` : names.join(", ");
}

function sampleTexts({ sample }: Profile, name: string): string[] {
  const column = sample.columns.find((other) => other.name === name);
  return column?.kind === "text"
    ? column.values.flatMap((text) => (text === null || text === "" ? [] : [text]))
    : [];
}

async function rowFacts(
  dataset: Dataset,
  { label, names }: { readonly label: string | undefined; readonly names: readonly string[] },
): Promise<RowFacts> {
  const facts = createRowFacts({ label, keys: names.map((name) => [name]), apart: new Set(names) });
  let firstRow = 0;
  for await (const batch of rowsOf(dataset)) {
    facts.add(batch, firstRow);
    firstRow += batch.rows;
  }
  return facts.close();
}

function invalid(message: string): ChecksError {
  return new ChecksError("SCANFLOW_SCHEMA_INVALID", `inferSchema: ${message}`);
}
