import type { ColumnBatch } from "../../batch/column-batch.ts";
import type { Detector } from "../../detector/detector.ts";
import type { MeasuredPart } from "../test/measured.ts";

/** What a detector sees of rows. */
export interface Sighted {
  /** Which rows it could score; null when all. */
  readonly usable: Int32Array | null;
  /** Of the usable rows. */
  readonly parts: readonly MeasuredPart[];
}

/**
 * Looks with a detector: at what its score is made of (what it could not restore, far neighbours, contrast), and at its
 * latent vector, number by number.
 *
 * @throws ChecksError SCANFLOW_COLUMN_INVALID when a column is missing, or of another kind or shape
 */
export async function lookByDetector(detector: Detector, batch: ColumnBatch): Promise<Sighted> {
  const { score, views } = await detector.score(batch);
  const latent = await detector.latent(batch);
  const every = Array.from({ length: batch.rows }, (_, row) => row);
  const scored = Int32Array.from(every.filter((row) => !Number.isNaN(score[row])));
  const of = detector.columns.length === 1 ? detector.columns : [];
  const column = (numberAt: (row: number) => number | undefined) => ({
    kind: "values" as const,
    of,
    numbers: Float64Array.from(scored, (row) => numberAt(row) ?? 0),
  });
  const seen = Object.values(views).map((values) => column((row) => values[row]));
  const hidden = Array.from({ length: latent.columns }, (_, place) =>
    column((row) => latent.values[row * latent.columns + place]),
  );
  const parts = [
    { name: "detector", effectName: "D", kind: "columns" as const, columns: seen },
    { name: "latent vector", effectName: "D", kind: "columns" as const, columns: hidden },
  ];
  return {
    usable: scored.length === batch.rows ? null : scored,
    parts: parts.filter(({ columns }) => columns.length > 0),
  };
}
