import type { ColumnBatch } from "../../batch/column-batch.ts";
import { tensorSize } from "../../batch/tensor-size.ts";
import { countValid } from "../../batch/validity.ts";
import { type FarRows, farRows } from "../neighbours/far-rows.ts";
import { createRowEncoder } from "../neighbours/mixed-rows.ts";
import { nearestRows } from "../neighbours/nearest-rows.ts";
import type { Side } from "./side.ts";

/** Images, or other arrays, of one table that are unlike those of another. */
export interface FarImages extends FarRows {
  readonly column: string;
}

const NEIGHBOURS = 5;
const FEWEST = 50;

/**
 * Which images of a table lie farther from those of another than 98 % of the other's own images do: what no range of
 * single columns shows. Of each side so many are compared as its profile keeps (250,000 elements).
 *
 * @param other whose column has the same shape, else the answer is null; as when there are fewer than 50 on a side
 */
export function farImages(column: string, side: Side, other: Side): FarImages | null {
  const [own, known] = [imagesOf(side, column), imagesOf(other, column)];
  if (own === null || known === null || own.shape !== known.shape) return null;
  const profile = { ...other.profile, columns: other.profile.columns.filter(({ name }) => name === column) };
  const { encode } = createRowEncoder(profile, "");
  const [rows, others] = [encode(own.batch), encode(known.batch)];
  const found = nearestRows(rows, others, { k: NEIGHBOURS, same: false });
  return { column, ...farRows(found, nearestRows(others, others, { k: NEIGHBOURS, same: true })) };
}

/** The rows of a sample that have an image: the first ones, since later ones are not kept. */
function imagesOf({ sample }: Side, name: string): { batch: ColumnBatch; shape: string } | null {
  const column = sample.columns.find((own) => own.name === name);
  if (column?.kind !== "tensor") return null;
  const rows = countValid(column.validity, sample.rows);
  if (rows < FEWEST || countValid(column.validity, rows) < rows) return null;
  const values = column.values.subarray(0, rows * tensorSize(column.shape));
  return { batch: { rows, columns: [{ ...column, validity: null, values }] }, shape: column.shape.join() };
}
