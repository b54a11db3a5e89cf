import { type ColumnBatch, columnOf } from "@scanflow/checks";
import { ScanflowError } from "@scanflow/core";

/** Names that a model has when nobody named its features. */
const UNNAMED = /^(Column_|feature )\d+$/;

/**
 * The features of a model among the columns of data: by name, or in order when the model has no names.
 *
 * @param wanted the model's features; their number when it has no names at all; null when it does not say
 * @param coded features that may be texts, as the model tells their numbers
 * @throws ScanflowError SCANFLOW_EXPLAIN_COLUMNS when they do not fit
 */
export function featuresIn(
  batch: ColumnBatch,
  wanted: readonly string[] | number | null,
  coded: ReadonlySet<string> = new Set(),
): readonly string[] {
  const named = typeof wanted === "object" && wanted !== null ? wanted : [];
  const missing = named.filter((name) => columnOf(batch, name) === undefined);
  const texts = named.filter((name) => columnOf(batch, name)?.kind === "text" && !coded.has(name));
  if (texts.length > 0) {
    throw wrongColumns(
      `"${texts[0]}" holds texts, and the model was fitted on numbers. Write them as the numbers it was fitted on`,
    );
  }
  if (named.length > 0 && missing.length === 0) return named;
  if (named.length > 0 && !named.every((name) => UNNAMED.test(name))) {
    const shown = missing.slice(0, 3).map((name) => `"${name}"`);
    throw wrongColumns(`They lack ${shown.join(", ")}, which the model was fitted on. Add what is missing`);
  }
  const numbers = batch.columns.filter(({ kind }) => kind === "number" || kind === "boolean");
  const count = named.length || (typeof wanted === "number" ? wanted : numbers.length);
  if (numbers.length === count && count > 0) return numbers.map(({ name }) => name);
  throw wrongColumns(
    `They have ${numbers.length} columns of numbers, and the model takes ${count} without names. ` +
      "Name those it was fitted on, in its order, with --columns",
  );
}

function wrongColumns(found: string): ScanflowError {
  return new ScanflowError("SCANFLOW_EXPLAIN_COLUMNS", `The data do not fit the model. ${found}.`);
}
