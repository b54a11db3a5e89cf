import { AnswersError } from "./answers-error.ts";
import { type ModelRoles, roleColumns } from "./model-roles.ts";

/** That no row has all that an answer needs: the columns of the model's answers, and the weight. */
export function unanswered(rows: number, roles: ModelRoles): AnswersError {
  const columns = roleColumns({ ...roles, label: undefined });
  const named = columns.map((name) => `"${name}"`).join(" and ");
  const found =
    rows === 0
      ? `There are no rows to read ${named} of`
      : `None of ${rows} rows has a value in ${columns.length > 1 ? "each of " : ""}${named}`;
  return new AnswersError(columns[0] ?? "", `${found}: give rows that the model has answered.`);
}
