import type { Dataset } from "../checker/checker.ts";
import { gatherRows } from "../checker/dataset-rows.ts";
import type { Answers } from "./answers.ts";
import { type ModelRoles, roleColumns } from "./model-roles.ts";
import { labelled, readAnswers } from "./read-answers.ts";

/** Only rows with a label. @throws ChecksError SCANFLOW_ANSWERS_INVALID, SCANFLOW_COLUMN_INVALID */
export async function gatherLabelled(dataset: Dataset, roles: ModelRoles): Promise<Answers> {
  const batch = await gatherRows(dataset, roleColumns(roles));
  return labelled(readAnswers(batch, roles), roles.label ?? "");
}
