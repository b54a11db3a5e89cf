import type { Answers, ClassAnswers } from "../../answers/answers.ts";
import type { ModelRoles } from "../../answers/model-roles.ts";
import type { MeasuredColumn, MeasuredPart } from "../test/measured.ts";

/**
 * Looks at what a model said: each probability, and how often each class was chosen (black-box shift detection, Lipton
 * et al. 2018, Rabanser et al. 2019); of a regression the predicted values. A class that the reference does not have
 * counts as another one.
 */
export function learnAnswers(reference: Answers, roles: ModelRoles) {
  const known = reference.task === "classification" ? reference.classes : [];

  return (answers: Answers): MeasuredPart[] => {
    if (answers.task === "regression") {
      const of = roles.prediction === undefined ? [] : [roles.prediction];
      return [partOf("predictions", "D", [{ kind: "values", of, numbers: answers.predictions }])];
    }
    const probabilities = probabilityColumns(answers, roles);
    const places = Int32Array.from(answers.classes, (name) => {
      const place = known.indexOf(name);
      return place < 0 ? known.length : place;
    });
    const numbers = Float64Array.from(answers.predictions, (place) => places[place] ?? known.length);
    const of =
      roles.prediction === undefined ? probabilities.flatMap((column) => column.of) : [roles.prediction];
    const classes = partOf("classes", "total variation", [{ kind: "levels", of, numbers }]);
    return probabilities.length === 0 ? [classes] : [partOf("probabilities", "D", probabilities), classes];
  };
}

/** Of two classes whose probabilities stand in one column, that column only. */
function probabilityColumns(
  { classes, probabilities, positive }: ClassAnswers,
  { probabilities: named }: ModelRoles,
): MeasuredColumn[] {
  if (probabilities === null || named === undefined) return [];
  if (typeof named === "string") {
    const numbers = probabilities[positive ?? 0] ?? new Float64Array(0);
    return [{ kind: "values", of: [named], numbers }];
  }
  return classes.map((name, at) => ({
    kind: "values",
    of: [named[name] ?? name],
    numbers: probabilities[at] ?? new Float64Array(0),
  }));
}

function partOf(name: string, effectName: string, columns: readonly MeasuredColumn[]): MeasuredPart {
  return { name, effectName, kind: "columns", columns };
}
