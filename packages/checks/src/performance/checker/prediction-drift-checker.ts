import { judgeAnswers } from "../../answers/judge-answers.ts";
import { roleColumns } from "../../answers/model-roles.ts";
import { readRoles } from "../../answers/read-roles.ts";
import type { Checker, Dataset } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { datasetOf } from "../../checker/dataset-of.ts";
import { rowsOf } from "../../checker/dataset-rows.ts";
import { checkDrift } from "../../drift/check-drift.ts";
import { pickColumns } from "../../profile/pick-columns.ts";
import type { Profile } from "../../profile/profile.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";

/**
 * Does the model answer otherwise than it did? Compares predictions and probabilities with those of the reference, each
 * column by itself and Bonferroni over them: black-box shift detection (Lipton et al. 2018, Rabanser et al. 2019). No
 * labels are needed. Status and evidence are `checkDrift`'s.
 *
 * Params: the roles (`prediction`, `probabilities`, `task`), `significance` (.05), `minimumEffect` (.1),
 * `minimumSample` (30).
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const predictionDriftChecker: Checker = async (window, reference, context) => {
  const params = checkerParams(context, 'Give {"prediction", "probabilities", "task"}.');
  const own = readRoles(params);
  const columns = roleColumns({ ...own, label: undefined, weight: undefined });
  if (columns.length === 0)
    params.read.fail("prediction", undefined, "a column, where there are no probabilities");
  const options = {
    correction: "bonferroni",
    slices: false,
    significance: params.number("significance", 0.05, [1e-12, 0.5]),
    minimumEffect: params.number("minimumEffect", 0.1, [0, 1]),
    minimumSample: params.number("minimumSample", 30, [2, 1e9]),
  } as const;
  params.refuseOthers();
  if (reference === null) {
    return invalidVerdict("drift", "There is no reference: give answers of a time when all was well.");
  }
  return judgeAnswers("drift", async () => {
    const profileOf = (side: Dataset, like?: Profile) =>
      datasetOf(side.name, () => rowsOf(side, columns)).profile(like);
    const known =
      reference.batches === null
        ? pickColumns(await reference.profile(), columns)
        : await profileOf(reference);
    const now = await profileOf(window, known);
    const absent = columns.find((name) => !known.columns.some((column) => column.name === name));
    if (absent !== undefined) {
      return invalidVerdict(
        "drift",
        `Column "${absent}" is not in ${reference.name}: name the columns of the answers.`,
        absent,
      );
    }
    return checkDrift(known, now, options);
  });
};
