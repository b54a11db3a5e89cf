import type { ColumnValues, Matrix, ModelRoles } from "@scanflow/checks";
import type { Failure } from "../plug-in/plug-in-failed.ts";

/**
 * A model's numbers as the columns that the roles ask for. Of a regression they are the prediction. Of classes they are
 * probabilities: a column by class in the order of the roles, or of two classes the second one's (the only one's); where
 * only a prediction is asked for, it is the place of the likeliest class, 0 for the first.
 */
export function nameAnswers(
  answers: Matrix,
  roles: ModelRoles,
  failed: Failure,
): Record<string, ColumnValues> {
  const { task, prediction, probabilities } = roles;
  const { columns } = answers;
  if (task === "regression") {
    if (columns !== 1 || prediction === undefined) {
      throw failed(`answers ${columns} numbers a row`, 'A regression has one: name it by "prediction"');
    }
    return { [prediction]: columnOf(answers, 0) };
  }
  if (typeof probabilities === "string") {
    if (prediction !== undefined) {
      throw failed(
        "answers numbers, not classes",
        'Leave "prediction" out: it follows from the probabilities',
      );
    }
    if (columns > 2)
      throw failed(`answers ${columns} numbers a row`, 'Name a column by class: "probabilities"');
    return { [probabilities]: columnOf(answers, columns - 1) };
  }
  if (probabilities !== undefined) {
    const classes = Object.entries(probabilities);
    if (classes.length !== columns) {
      throw failed(
        `answers ${columns} numbers a row, and "probabilities" names ${classes.length} classes`,
        "Name each class once, in the model's order",
      );
    }
    const named = classes.map(([, column], at) => [column, columnOf(answers, at)] as const);
    const chosen =
      prediction === undefined ? [] : [[prediction, likeliest(answers).map((at) => classes[at]?.[0])]];
    return Object.fromEntries([...named, ...chosen]);
  }
  return { [prediction ?? "prediction"]: likeliest(answers) };
}

function columnOf({ rows, columns, values }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => values[row * columns + column] as number);
}

/** Of one number it is a probability: class 1 from one half on. */
function likeliest({ rows, columns, values }: Matrix): number[] {
  return Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    return columns === 1 ? Number((own[0] as number) >= 0.5) : own.indexOf(Math.max(...own));
  });
}
