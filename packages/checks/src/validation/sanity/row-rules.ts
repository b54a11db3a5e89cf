import type { ColumnBatch } from "../../batch/column-batch.ts";
import { rowsOf } from "../../checker/dataset-rows.ts";
import { createRowFacts, type ReferenceRows, readReferenceRows } from "../row-facts.ts";
import type { Fault } from "../schema.ts";
import { shareLimit } from "../share-limit.ts";
import { rowFaults } from "../table-faults.ts";
import { isRoomy } from "./columns-alone.ts";
import type { SanityOptions } from "./sanity-options.ts";
import type { Side } from "./side.ts";

/**
 * Rows that repeat or contradict each other, or are in the reference, told without the columns that name rows. In a
 * table of so few different rows that they must meet, the first two say nothing and are left out. As many rows of the
 * reference are expected here as the reference itself has twice.
 */
export async function rowRules(
  window: Side,
  reference: Side | null,
  { options, naming }: { readonly options: SanityOptions; readonly naming: readonly string[] },
): Promise<Fault[]> {
  const { label, maximumDuplicates, maximumConflicts, significance } = options;
  const apart = new Set(naming);
  const known = reference === null ? null : await rowsToMiss(window, reference, apart);
  const facts = createRowFacts({ label, apart, reference: known });
  let firstRow = 0;
  for await (const batch of rowsOf(window.dataset)) {
    facts.add(batch, firstRow);
    firstRow += batch.rows;
  }
  const found = facts.close();
  const roomy = isRoomy(window.profile, new Set([...naming, label ?? ""]));
  const schema = {
    rows: known?.rows ?? found.rows,
    duplicates: roomy ? maximumDuplicates : 1,
    conflicts: roomy ? maximumConflicts : 1,
    overlap: known === null ? 1 : shareLimit(known.repeats, known.rows),
  };
  return rowFaults(
    schema,
    { ...found, duplicates: found.alike },
    { level: significance / 12, referenceRows: schema.rows, growth: 1 },
  );
}

async function rowsToMiss(
  window: Side,
  reference: Side,
  apart: ReadonlySet<string>,
): Promise<ReferenceRows | null> {
  if (reference.dataset.batches === null) return null;
  const names = window.profile.columns.map(({ name }) => name).filter((name) => !apart.has(name));
  return readReferenceRows(reference.dataset.batches() as AsyncIterable<ColumnBatch>, new Set(names));
}
