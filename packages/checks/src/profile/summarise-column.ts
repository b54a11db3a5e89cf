import type { BooleanColumn, ColumnKind, NumberColumn, TimeColumn } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import type { BooleanProfile, NumberProfile, TimeProfile } from "./column-profile.ts";
import { copyFinite } from "./finite-values.ts";
import { numberSettings, type RunningColumn, type SummarySettings } from "./running-column.ts";
import { summariseNumbers } from "./summarise-numbers.ts";
import { summariseTensors } from "./summarise-tensors.ts";
import { summariseTexts } from "./summarise-texts.ts";

/** A summary of one column's batches. @param kind of the column: a batch of another may not be added */
export function summariseColumn(kind: ColumnKind, settings: SummarySettings): RunningColumn {
  return summariserOf(kind, settings) as RunningColumn;
}

function summariserOf(kind: ColumnKind, settings: SummarySettings) {
  if (kind === "number" || kind === "time") return summariseNumberColumn(kind, settings);
  if (kind === "boolean") return summariseBooleans(settings.name);
  return kind === "text" ? summariseTexts(settings) : summariseTensors(settings);
}

const CHUNK = 8_192;

function summariseNumberColumn(
  kind: "number" | "time",
  settings: SummarySettings,
): RunningColumn<NumberColumn | TimeColumn, NumberProfile | TimeProfile> {
  const { name } = settings;
  const numbers = summariseNumbers(numberSettings(name, 0, settings));
  let scratch = new Float64Array(0);
  let nulls = 0;
  let nan = 0;
  let infinite = 0;
  let whole = 0;
  let integer = true;
  return {
    add(column, rows) {
      if (scratch.length < Math.min(rows, CHUNK)) scratch = new Float64Array(Math.min(rows, CHUNK));
      for (let from = 0; from < rows; from += CHUNK) {
        const found = copyFinite(column, scratch, [from, Math.min(rows, from + CHUNK)]);
        numbers.add(scratch, found.count);
        nulls += found.nulls;
        nan += found.nan;
        infinite += found.infinite;
        whole += found.whole;
      }
      if (column.kind === "number") integer &&= column.integer;
    },
    close() {
      const shared = { name, nulls, nan, infinite };
      if (kind === "time") return { kind, ...shared, ...numbers.close() };
      return { kind, ...shared, integer, whole, ...numbers.close() };
    },
  };
}

function summariseBooleans(name: string): RunningColumn<BooleanColumn, BooleanProfile> {
  let count = 0;
  let nulls = 0;
  let trues = 0;
  return {
    add({ values, validity }, rows) {
      for (let row = 0; row < rows; row += 1) {
        if (!isValid(validity, row)) nulls += 1;
        else {
          count += 1;
          trues += values[row] as number;
        }
      }
    },
    close: () => ({ kind: "boolean", name, nulls, count, trues }),
  };
}
