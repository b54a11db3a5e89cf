import { readAnswers, takeAnswers } from "../answers/read-answers.ts";
import { type ColumnBatch, columnOf } from "../batch/column-batch.ts";
import { takeRows } from "../batch/take-rows.ts";
import type { Detector } from "../detector/detector.ts";
import type { Random } from "../random/random.ts";
import { learnAnswers } from "./look/learn-answers.ts";
import { learnTable } from "./look/learn-table.ts";
import { lookByDetector } from "./look/look-by-detector.ts";
import type { ShiftParams } from "./shift-params.ts";
import type { Measured } from "./test/measured.ts";

/** Rows that can be looked at, with what was measured of them. */
export interface Looked {
  readonly batch: ColumnBatch;
  readonly measured: Measured;
}

/** Looks at rows in every way that the params and the data allow; rows that cannot be measured are left out. */
export type LookAtRows = (batch: ColumnBatch) => Promise<Looked>;

/** What rows are looked at with. */
export interface LookOptions {
  /** Columns of data. */
  readonly names: readonly string[];
  readonly params: ShiftParams;
  readonly detector: Detector | null;
  readonly random: Random;
}

/**
 * Learns from the reference how to look: at answers, where columns of them are named; with a detector, where there is
 * one; at the table itself, all columns that are no tensors and no pixels of the detector's images.
 *
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID
 */
export function learnLooks(reference: ColumnBatch, options: LookOptions): LookAtRows {
  const { names, params, detector, random } = options;
  const pixels = detector === null || detector.image === null ? [] : detector.columns;
  const plain = names.filter(
    (name) => columnOf(reference, name)?.kind !== "tensor" && !pixels.includes(name),
  );
  const roles = params.answers;
  const lookAtAnswers = roles === null ? null : learnAnswers(readAnswers(reference, roles), roles);
  const lookAtTable = plain.length === 0 ? null : learnTable(reference, plain, random);

  return async (given) => {
    const said = roles === null ? null : readAnswers(given, roles);
    const answered = said === null ? given : takeRows(given, said.sources);
    const sighted = detector === null ? null : await lookByDetector(detector, answered);
    const usable = sighted?.usable ?? null;
    const batch = usable === null ? answered : takeRows(answered, usable);
    const answers = said === null || usable === null ? said : takeAnswers(said, usable);
    const parts = [
      ...(answers === null ? [] : (lookAtAnswers?.(answers) ?? [])),
      ...(sighted?.parts ?? []),
      ...(lookAtTable?.(batch) ?? []),
    ];
    return { batch, measured: { rows: batch.rows, parts } };
  };
}
