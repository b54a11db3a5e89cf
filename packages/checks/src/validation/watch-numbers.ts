import type { NumberColumn, TimeColumn } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import type { Counted, ValueWatch } from "./column-watch.ts";
import { numberWords } from "./fault-words.ts";
import type { ColumnSchema } from "./schema.ts";
import { createSpots } from "./spots.ts";

const NONE: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

export function watchNumbers(schema: ColumnSchema): ValueWatch<NumberColumn | TimeColumn> {
  const { type, range = NONE, limits = NONE, beyond } = schema;
  const [odd, fractions, outside, far, farther] = [
    createSpots(),
    createSpots(),
    createSpots(),
    createSpots(),
    createSpots(),
  ];
  const reach = beyond === undefined ? null : beyond.k * beyond.sd;
  let first: number | null = null;
  let same = true;

  function add({ values, validity }: NumberColumn | TimeColumn, rows: number, firstRow: number): void {
    for (let row = 0; row < rows; row += 1) {
      if (!isValid(validity, row)) continue;
      const value = values[row] as number;
      if (!Number.isFinite(value)) {
        odd.add(firstRow + row, value);
        continue;
      }
      first ??= value;
      if (value !== first) same = false;
      if (type === "integer" && !Number.isInteger(value)) fractions.add(firstRow + row, value);
      if (value < range[0] || value > range[1]) outside.add(firstRow + row, value);
      if (value < limits[0] || value > limits[1]) far.add(firstRow + row, value);
      if (beyond !== undefined && reach !== null && Math.abs(value - beyond.mean) > reach)
        farther.add(firstRow + row, value);
    }
  }

  function counted(): Counted[] {
    const wrong = "mend these values at their source, or widen";
    return [
      {
        rule: "nonFinite",
        spots: odd,
        limit: schema.nonFinite ?? 1,
        what: "are NaN or infinite",
        action: "find the division or overflow that makes them, or write them as missing",
      },
      {
        rule: "fraction",
        spots: fractions,
        limit: 0,
        what: "have a fraction, though the column is of whole numbers",
        action: 'mend these values, or set "type" to "number" in the schema',
      },
      {
        rule: "range",
        spots: outside,
        limit: schema.outside ?? 0,
        what: `lie outside ${span(range)}`,
        action: `${wrong} "range" in the schema`,
      },
      {
        rule: "limits",
        spots: far,
        limit: 0,
        what: `lie outside ${span(limits)}, farther than any may`,
        action: `${wrong} "limits" in the schema`,
      },
      {
        rule: "beyond",
        spots: farther,
        limit: beyond?.share ?? 1,
        what: `are more than ${beyond?.k} standard deviations from ${numberWords(beyond?.mean ?? 0)}`,
        action: "look at the outliers: a unit or a source may have changed",
        mild: true,
      },
    ];
  }

  return { add, counted, same: () => first !== null && same };
}

export function span([low, high]: readonly [number, number]): string {
  return `${numberWords(low)} to ${numberWords(high)}`;
}
