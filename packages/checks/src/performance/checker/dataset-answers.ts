import type { ColumnBatch } from "../../batch/column-batch.ts";
import { concatBatches } from "../../batch/concat-batches.ts";
import type { Dataset } from "../../checker/checker.ts";
import { sampleBatch } from "../../profile/sample-columns.ts";
import type { Answers } from "../answers/answers.ts";
import { type ModelRoles, roleColumns } from "../answers/model-roles.ts";
import { labelled, readAnswers } from "../answers/read-answers.ts";

/** A dataset's rows batch by batch: all of them, or those that its profile kept. */
export async function* rowsOf(dataset: Dataset): AsyncGenerator<ColumnBatch> {
  if (dataset.batches === null) yield sampleBatch(await dataset.profile());
  else yield* dataset.batches();
}

/** One batch of some columns of a dataset. @param names those that it has of these are taken; default: all */
export async function gatherColumns(dataset: Dataset, names?: readonly string[]): Promise<ColumnBatch> {
  const batches: ColumnBatch[] = [];
  for await (const { rows, columns } of rowsOf(dataset)) {
    if (rows === 0) continue;
    batches.push({
      rows,
      columns: columns.filter(({ name }) => names === undefined || names.includes(name)),
    });
  }
  return concatBatches(batches);
}

/** @throws ChecksError SCANFLOW_ANSWERS_INVALID, SCANFLOW_COLUMN_INVALID */
export async function gatherAnswers(dataset: Dataset, roles: ModelRoles): Promise<Answers> {
  return readAnswers(await gatherColumns(dataset, roleColumns(roles)), roles);
}

/** Only rows with a label. @throws ChecksError SCANFLOW_ANSWERS_INVALID, SCANFLOW_COLUMN_INVALID */
export async function gatherLabelled(dataset: Dataset, roles: ModelRoles): Promise<Answers> {
  return labelled(await gatherAnswers(dataset, roles), roles.label ?? "");
}
