import type { Column } from "../../batch/column.ts";
import { type ColumnBatch, columnOf } from "../../batch/column-batch.ts";
import type { Random } from "../../random/random.ts";
import type { MeasuredPart } from "../test/measured.ts";
import { learnKernel } from "./learn-kernel.ts";
import { learnLevels } from "./learn-levels.ts";
import { learnNumbers } from "./learn-numbers.ts";
import { learnPairs } from "./learn-pairs.ts";
import type { TableColumn } from "./table-column.ts";

/** Measures rows of a table, as was learnt from the reference. */
export type Look = (batch: ColumnBatch) => readonly MeasuredPart[];

/**
 * Looks at a table without a model: at each column, at which columns go together, and at whole rows by a kernel. Where
 * there is one column only, there is nothing to go together.
 *
 * @param names columns of numbers, times, booleans or texts; at least one
 */
export function learnTable(reference: ColumnBatch, names: readonly string[], random: Random): Look {
  const learnt = names.flatMap((name) => {
    const column = columnOf(reference, name);
    return column === undefined ? [] : [learnColumn(column, reference.rows)];
  });
  const read = <Made>(batch: ColumnBatch, make: (column: TableColumn, of: Column) => Made): Made[] =>
    learnt.flatMap((column) => {
      const of = columnOf(batch, column.name);
      return of === undefined ? [] : [make(column, of)];
    });
  const featuresOf = (batch: ColumnBatch) =>
    read(batch, ({ name, features }, of) => ({ name, features: features(of, batch.rows) }));
  const placesOf = (batch: ColumnBatch) => read(batch, ({ places }, of) => places(of, batch.rows)).flat();
  const pairs = learnPairs(featuresOf(reference), reference.rows);
  const kernel = learnKernel(placesOf(reference), reference.rows, random);

  return (batch) => {
    const parts: MeasuredPart[] = [
      {
        name: "columns",
        effectName: "D or total variation",
        kind: "columns",
        columns: read(batch, (column, of) => column.measure(of, batch.rows)),
      },
    ];
    if (learnt.length < 2) return parts;
    const between = pairs(featuresOf(batch), batch.rows);
    const whole = kernel(placesOf(batch), batch.rows);
    if (between.length > 0)
      parts.push({ name: "pairs", effectName: "change of correlation", kind: "columns", columns: between });
    if (whole.length > 0)
      parts.push({ name: "rows", effectName: "D along the kernel's witness", kind: "whole", columns: whole });
    return parts;
  };
}

function learnColumn(column: Column, rows: number): TableColumn {
  switch (column.kind) {
    case "number":
    case "time":
      return learnNumbers(column, rows);
    case "boolean":
    case "text":
      return learnLevels(column, rows);
    case "tensor":
      throw new Error(`column "${column.name}" is a tensor, which only a detector measures`);
  }
}
