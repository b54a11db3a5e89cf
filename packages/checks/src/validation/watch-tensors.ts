import type { TensorColumn } from "../batch/column.ts";
import { tensorSize } from "../batch/tensor-size.ts";
import { isValid } from "../batch/validity.ts";
import type { Counted, ValueWatch } from "./column-watch.ts";
import type { ColumnSchema } from "./schema.ts";
import { createSpots } from "./spots.ts";
import { span } from "./watch-numbers.ts";

const NONE: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Looks at arrays such as images: their shape, and the least and greatest element of each. */
export function watchTensors({
  shape,
  range = NONE,
  limits = NONE,
  ...schema
}: ColumnSchema): ValueWatch<TensorColumn> {
  const [shapes, odd, outside, far, blank] = [
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
      for (let at = row * size; at < (row + 1) * size; at += 1) {
        const value = values[at] as number;
        if (!Number.isFinite(value)) finite = false;
        else {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
      if (!finite) odd.add(firstRow + row);
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
        rule: "range",
        spots: outside,
        limit: schema.outside ?? 0,
        what: `hold elements outside ${span(range)}`,
        action: "scale them as in training (0 to 1, or 0 to 255?)",
      },
      {
        rule: "limits",
        spots: far,
        limit: 0,
        what: `hold elements outside ${span(limits)}, farther than any may`,
        action: "scale them as in training (0 to 1, or 0 to 255?)",
      },
    ];
  }

  return { add, counted, same: () => rowsSeen > 0 && blank.count === rowsSeen };
}
