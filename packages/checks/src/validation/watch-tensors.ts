import type { TensorColumn } from "../batch/column.ts";
import { tensorSize } from "../batch/tensor-size.ts";
import { isValid } from "../batch/validity.ts";
import type { Counted, ValueWatch } from "./column-watch.ts";
import { numberWords } from "./fault-words.ts";
import type { ColumnSchema } from "./schema.ts";
import { createSpots } from "./spots.ts";
import { span } from "./watch-numbers.ts";

const NONE: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const SCALE = "scale them as in training (0 to 1, or 0 to 255?)";

/** Looks at arrays such as images: their shape, and the least and greatest element of each. */
export function watchTensors({
  shape,
  range = NONE,
  limits = NONE,
  peak = Number.NEGATIVE_INFINITY,
  ...schema
}: ColumnSchema): ValueWatch<TensorColumn> {
  const [shapes, odd, outside, far, blank, fractions, peaks] = [
    createSpots(),
    createSpots(),
    createSpots(),
    createSpots(),
    createSpots(),
    createSpots(),
    createSpots(),
  ];
  let rowsSeen = 0;

  function add({ shape: own, values, validity }: TensorColumn, rows: number, firstRow: number): void {
    const size = tensorSize(own);
    const fits = shape === undefined || shape.join() === own.join();
    for (let row = 0; row < rows; row += 1) {
      if (!isValid(validity, row)) continue;
      rowsSeen += 1;
      if (!fits) {
        shapes.add(firstRow + row, own.join(" × "));
        continue;
      }
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      let finite = true;
      let fraction: number | null = null;
      for (let at = row * size; at < (row + 1) * size; at += 1) {
        const value = values[at] as number;
        if (!Number.isFinite(value)) finite = false;
        else {
          low = Math.min(low, value);
          high = Math.max(high, value);
          if (value !== Math.trunc(value)) fraction ??= value;
        }
      }
      if (!finite) odd.add(firstRow + row);
      if (fraction !== null && schema.elements === "integer") fractions.add(firstRow + row, fraction);
      if (high < peak && Number.isFinite(high)) peaks.add(firstRow + row, high);
      const worst = high > range[1] ? high : low;
      if (low < range[0] || high > range[1]) outside.add(firstRow + row, worst);
      if (low < limits[0] || high > limits[1]) far.add(firstRow + row, high > limits[1] ? high : low);
      if (low === high) blank.add(firstRow + row, low);
    }
  }

  function counted(): Counted[] {
    return [
      {
        rule: "shape",
        spots: shapes,
        limit: 0,
        what: `are not of the shape ${shape?.join(" × ")}`,
        action: "resize them as in training",
      },
      {
        rule: "nonFinite",
        spots: odd,
        limit: schema.nonFinite ?? 1,
        what: "hold NaN or infinity",
        action: "find what makes them; no model answers them",
      },
      {
        rule: "fraction",
        spots: fractions,
        limit: 0,
        what: "hold fractions, though the elements are whole numbers",
        action: `${SCALE}, or set "elements" to "number" in the schema`,
      },
      {
        rule: "peak",
        spots: peaks,
        limit: schema.belowPeak ?? 0,
        what: `have no element of ${numberWords(peak)} or more`,
        action: `${SCALE}, or take blank ones out`,
      },
      {
        rule: "range",
        spots: outside,
        limit: schema.outside ?? 0,
        what: `hold elements outside ${span(range)}`,
        action: SCALE,
      },
      {
        rule: "limits",
        spots: far,
        limit: 0,
        what: `hold elements outside ${span(limits)}, farther than any may`,
        action: SCALE,
      },
    ];
  }

  return { add, counted, same: () => rowsSeen > 0 && blank.count === rowsSeen };
}
