import { AnswersError } from "../../answers/answers-error.ts";
import { judgeAnswers } from "../../answers/judge-answers.ts";
import type { CheckContext, Dataset } from "../../checker/checker.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { judgeColumns } from "./judge-columns.ts";
import { judgeReference } from "./judge-reference.ts";
import { rowRules } from "./row-rules.ts";
import { sanityOptions } from "./sanity-options.ts";
import { sanityVerdict } from "./sanity-verdict.ts";
import { type Side, sideOf } from "./side.ts";

const FEWEST = 30;

/**
 * Is this table fit to learn from, and to be judged on? Where `integrityChecker` holds data against rules, this asks
 * what no rule of a single column shows. The verdict's kind is `integrity`, its evidence has per column the `faults`
 * and, with a label, how well the column predicts it.
 *
 * Of the window alone: columns that predict the label nearly perfectly (`singlePredictors`), that name rows, that have
 * one value, that copy each other; rows that repeat or contradict earlier ones; rare classes and small groups. With a
 * reference: rows and ids that are in both, pairs of columns that go together otherwise, regions and images that one
 * side has and the other lacks.
 *
 * `alarm`: what makes figures wrong or a model useless; `warning`: what a person should know. What is tested against
 * chance (changes, regions, images, rows) rings falsely with at most `significance` in all.
 *
 * Params: `label`, `task` (auto, classification, regression), `ids` (columns that name rows or persons), `groups`;
 * limits, each with its default in the table of built-ins and its source in the guide "Validate data".
 *
 * ```ts
 * import { batchOf, checkContext, datasetOf } from "@scanflow/checks";
 * import { sanityChecker } from "@scanflow/checks/validation";
 *
 * const sick = Array.from({ length: 200 }, (_, row) => row % 3 === 0);
 * const ward = sick.map((own) => (own ? "B" : "A"));
 * const table = datasetOf("patients", batchOf({ ward, sick }));
 * const verdict = await sanityChecker(table, null, checkContext("sanity", { params: { label: "sick" } }));
 * console.log(verdict.status, verdict.columns); // alarm [ 'ward' ]
 * ```
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming a param that is wrong
 */
export async function sanityChecker(
  window: Dataset,
  reference: Dataset | null,
  context: CheckContext,
): Promise<Verdict> {
  const options = sanityOptions(context);
  return judgeAnswers("integrity", async () => {
    const own = await sideOf(window);
    needRows(own);
    needColumns(own, [
      ...(options.label === undefined ? [] : [options.label]),
      ...options.ids,
      ...options.groups.flat(),
    ]);
    const other = reference === null ? null : await sideOf(reference);
    if (other !== null) needRows(other);
    const columns = await judgeColumns(own, other, { options, context });
    const rows = await rowRules(own, other, { options, naming: columns.naming });
    const compared =
      other === null ? null : await judgeReference(own, other, { options, naming: columns.naming });
    return sanityVerdict({ window: own, reference: other, options, columns, rows, compared });
  });
}

function needRows({ name, profile: { rows } }: Side): void {
  if (rows >= FEWEST) return;
  throw new AnswersError(
    "",
    `"${name}" has ${rows} rows: give at least ${FEWEST} to tell what they are fit for.`,
  );
}

function needColumns({ name, profile }: Side, wanted: readonly string[]): void {
  const there = profile.columns.map((column) => column.name);
  const missing = wanted.find((column) => !there.includes(column));
  if (missing === undefined) return;
  const some = `${there.slice(0, 20).join(", ")}${there.length > 20 ? ", …" : ""}`;
  throw new AnswersError(missing, `"${name}" has no column "${missing}": name one of ${some}.`);
}
