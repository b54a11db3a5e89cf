import type { ColumnBatch } from "../batch/column-batch.ts";
import type { Dataset } from "../checker/checker.ts";
import { rowsOf } from "../checker/dataset-rows.ts";
import { invalidVerdict } from "../verdict/invalid-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { type ColumnWatch, watchColumn } from "./column-watch.ts";
import { fitBatch } from "./fit-column.ts";
import { integrityVerdict } from "./integrity-verdict.ts";
import { createRowFacts, type ReferenceRows, readReferenceRows } from "./row-facts.ts";
import type { ColumnSchema, Fault, Schema } from "./schema.ts";
import { classFaults, correlationFaults, rowFaults, tableFaults } from "./table-faults.ts";

/** Settings of `validate`. */
export interface ValidateOptions {
  /** Its rows must not turn up in the window: the training data of the model. */
  readonly reference?: Dataset | null;
}

/**
 * Holds a table against a schema, in one pass and bounded memory, and says which rule is broken in which rows and what
 * to do. The verdict's kind is `integrity`:
 *
 * - `alarm`: a rule is broken; `warning`: only rules of that severity are
 * - `invalid`: there are no rows, or no column of the schema
 *
 * `evidence` has per column its `faults`; faults of whole rows stand under "(rows)". Rows count from 1. All rules
 * together break for a sample of the schema's own source with a chance of about the schema's `significance` (0.01).
 * Conflicts and leaks are told without columns that are a key alone. Duplicates, keys and leaks are found by 53-bit
 * hashes among the first two million distinct rows. A dataset of which only a profile was kept is judged by its
 * sampled rows.
 *
 * ```ts
 * import { batchOf, datasetOf } from "@scanflow/checks";
 * import { inferSchema, validate } from "@scanflow/checks/validation";
 *
 * const rows = Array.from({ length: 500 }, (_, row) => row);
 * const january = datasetOf("january", batchOf({ age: rows.map((row) => 20 + (row % 50)) }));
 * const february = datasetOf("february", batchOf({ age: rows.map((row) => (row === 7 ? 999 : 20 + (row % 50))) }));
 * const verdict = await validate(february, await inferSchema(january));
 * console.log(verdict.status, verdict.columns); // alarm [ 'age' ]
 * ```
 */
export async function validate(
  dataset: Dataset,
  schema: Schema,
  { reference = null }: ValidateOptions = {},
): Promise<Verdict> {
  const names = Object.keys(schema.columns);
  const referenceRows = schema.overlap === undefined ? null : await rowsToMiss(dataset, reference, schema);
  const facts = createRowFacts({
    label: schema.label,
    keys: (schema.keys ?? []).map(({ columns }) => columns),
    apart: namesRows(schema),
    reference: referenceRows,
  });
  const watches = new Map<string, ColumnWatch>();
  const found = new Map<string, string>();
  let rows = 0;
  for await (const batch of rowsOf(dataset)) {
    for (const column of batch.columns) {
      found.set(column.name, column.kind);
      const rule = Object.hasOwn(schema.columns, column.name) ? schema.columns[column.name] : undefined;
      if (rule !== undefined) watchOf(watches, column.name, rule).add(column, batch.rows, rows);
    }
    facts.add(fitBatch(batch, schema), rows);
    rows += batch.rows;
  }
  const shared = names.filter((name) => found.has(name));
  const problem = problemOf({ name: dataset.name, rows, shared: shared.length, names });
  if (problem !== null) return invalidVerdict("integrity", problem);
  const level = (schema.significance ?? 0.01) / shareRules(schema);
  const needsProfile = schema.classes !== undefined || (schema.correlations ?? []).length > 0;
  const profile = needsProfile ? await dataset.profile() : null;
  const faults: Fault[] = [
    ...tableFaults(schema, new Set(found.keys()), rows),
    ...[...watches.values()].flatMap((watch) => watch.close(level)),
    ...rowFaults(schema, facts.close(), { level, referenceRows: referenceRows?.rows ?? 0 }),
    ...(profile === null
      ? []
      : [...classFaults(schema, profile, level), ...correlationFaults(schema, profile)]),
  ];
  return integrityVerdict({ name: dataset.name, rows, columns: names, faults });
}

/** The reference's rows, by those columns of the schema that the window has, too. */
async function rowsToMiss(
  window: Dataset,
  reference: Dataset | null,
  schema: Schema,
): Promise<ReferenceRows | null> {
  if (reference?.batches == null) return null;
  const apart = namesRows(schema);
  for await (const { columns } of rowsOf(window)) {
    const names = columns.map(({ name }) => name);
    const shared = names.filter((name) => Object.hasOwn(schema.columns, name) && !apart.has(name));
    return readReferenceRows(fitted(reference.batches(), schema), new Set(shared));
  }
  return null;
}

async function* fitted(batches: AsyncIterable<ColumnBatch>, schema: Schema): AsyncGenerator<ColumnBatch> {
  for await (const batch of batches) yield fitBatch(batch, schema);
}

/** Columns that are a key alone: a row that was copied under another name is still a copy. */
function namesRows({ keys = [] }: Schema): Set<string> {
  return new Set(keys.flatMap(({ columns }) => (columns.length === 1 ? columns : [])));
}

function watchOf(watches: Map<string, ColumnWatch>, name: string, rule: ColumnSchema): ColumnWatch {
  const watch = watches.get(name) ?? watchColumn(name, rule);
  watches.set(name, watch);
  return watch;
}

function problemOf({
  name,
  rows,
  shared,
  names,
}: {
  readonly name: string;
  readonly rows: number;
  readonly shared: number;
  readonly names: readonly string[];
}): string | null {
  if (rows === 0) return `"${name}" has no rows: give data to validate.`;
  if (shared > 0) return null;
  const some = names.slice(0, 5).join(", ");
  return `"${name}" has no column of the schema (${some}, …): give data of the same source, or its own schema.`;
}

const SHARES = [
  "missing",
  "outside",
  "beyond",
  "others",
  "unmatched",
  "lengthOutside",
  "numeric",
  "belowPeak",
] as const;

/** How many rules of a schema may be broken by chance. */
function shareRules({ columns, classes = {}, keys = [] }: Schema): number {
  const inColumns = Object.values(columns).reduce(
    (sum, column) => sum + SHARES.filter((field) => column[field] !== undefined).length,
    0,
  );
  return inColumns + 2 * Object.keys(classes).length + keys.length + 3;
}
