import type { ColumnBatch } from "../batch/column-batch.ts";
import { quoted } from "../json/quoted.ts";
import type { ClassAnswers } from "./answers.ts";
import { AnswersError } from "./answers-error.ts";
import { byName, type ClassNames, createClassNames } from "./class-names.ts";
import { findColumn, numbersOf, weightsOf } from "./find-column.ts";
import type { ModelRoles } from "./model-roles.ts";
import { unanswered } from "./unanswered.ts";

/** Reads the answers of a classifier; see `readAnswers`. */
export function readClassAnswers(batch: ColumnBatch, roles: ModelRoles): ClassAnswers {
  const { label, prediction, probabilities, weight } = roles;
  if (prediction === undefined && probabilities === undefined) {
    throw new AnswersError(
      "",
      'A classifier needs the param "prediction" or "probabilities": name the columns they are in.',
    );
  }
  const names = createClassNames(typeof probabilities === "object" ? Object.keys(probabilities) : []);
  const labels =
    label === undefined
      ? new Int32Array(batch.rows).fill(-1)
      : names.places(findColumn(batch, label, "label"), batch.rows);
  const said =
    prediction === undefined ? null : names.places(findColumn(batch, prediction, "prediction"), batch.rows);
  const positive = positivePlace(names, roles);
  const scores =
    probabilities === undefined ? null : readProbabilities(batch, { names, positive, probabilities });
  const predictions = said ?? chooseClasses(scores ?? [], { positive, threshold: roles.threshold ?? 0.5 });
  const weights = weightsOf(batch, weight);
  return arrange({
    names: names.names,
    positive,
    labels,
    predictions,
    scores,
    weights,
    roles,
  });
}

/** The positive class: the one named, or of two classes the one called 1 or true, or the only column's. */
function positivePlace(
  names: ClassNames,
  { positive, probabilities, label, prediction }: ModelRoles,
): number | null {
  const single = typeof probabilities === "string";
  const yes = names.names.find((name) => name === "1" || name.toLowerCase() === "true");
  if (positive === undefined && names.names.length > 2 && !single) return null;
  const chosen = positive ?? yes;
  if (chosen === undefined) {
    if (!single) return null;
    throw new AnswersError(
      probabilities,
      `Column "${probabilities}" holds the probability of one class, but which is not said: set "positive" to one of ${quoted(names.names)}.`,
    );
  }
  const place = names.placeOf(chosen, chosen);
  if (!single) return place;
  if (names.names.length > 2) {
    const holders = [label, prediction].filter((column) => column !== undefined);
    throw new AnswersError(
      probabilities,
      `One column of probabilities ("${probabilities}") needs two classes, but ${holders.map((column) => `"${column}"`).join(" and ")} and "positive" have ${names.names.length} (${quoted(names.names)}): check them, or name a column of probabilities by class.`,
    );
  }
  if (names.names.length < 2) names.placeOf(chosen === "1" ? "0" : `not ${chosen}`, chosen);
  return place;
}

interface Scored {
  readonly names: ClassNames;
  readonly positive: number | null;
  readonly probabilities: string | Readonly<Record<string, string>>;
}

function readProbabilities(batch: ColumnBatch, { names, positive, probabilities }: Scored): Float64Array[] {
  if (typeof probabilities === "string") {
    const given = shares(batch, probabilities);
    const rest = given.map((share) => 1 - share);
    return positive === 0 ? [given, rest] : [rest, given];
  }
  const columns = new Map(Object.entries(probabilities));
  return names.names.map((name) => {
    const column = columns.get(name);
    if (column !== undefined) return shares(batch, column);
    throw new AnswersError(
      name,
      `Class "${name}" has no column of probabilities: add it to the param "probabilities".`,
    );
  });
}

function shares(batch: ColumnBatch, name: string): Float64Array {
  const values = numbersOf(batch, name, "probabilities");
  const row = values.findIndex((value) => value < 0 || value > 1);
  if (row < 0) return values;
  throw new AnswersError(
    name,
    `Column "${name}" holds ${values[row]} in row ${row}: give probabilities from 0 to 1.`,
  );
}

function chooseClasses(
  scores: readonly Float64Array[],
  { positive, threshold }: { readonly positive: number | null; readonly threshold: number },
): Int32Array {
  const rows = scores[0]?.length ?? 0;
  const chosen = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    let best = 0;
    for (let at = 1; at < scores.length; at += 1) {
      if ((scores[at]?.[row] as number) > (scores[best]?.[row] as number)) best = at;
    }
    if (scores.length === 2 && positive !== null) {
      best = (scores[positive]?.[row] as number) >= threshold ? positive : 1 - positive;
    }
    chosen[row] = scores.every((values) => !Number.isNaN(values[row])) ? best : -1;
  }
  return chosen;
}

interface Unarranged {
  readonly names: readonly string[];
  readonly positive: number | null;
  readonly labels: Int32Array;
  readonly predictions: Int32Array;
  readonly scores: readonly Float64Array[] | null;
  readonly weights: Float64Array | null;
  readonly roles: ModelRoles;
}

/** Puts classes in order, and leaves out rows that lack what all need. */
function arrange({ names, positive, labels, predictions, scores, weights, roles }: Unarranged): ClassAnswers {
  const order = names.map((_, place) => place).sort((a, b) => byName(names[a] as string, names[b] as string));
  const placeOf = Int32Array.from(names, () => 0);
  for (const [place, old] of order.entries()) placeOf[old] = place;
  const kept: number[] = [];
  for (let row = 0; row < labels.length; row += 1) {
    if ((predictions[row] as number) < 0 || Number.isNaN(weights?.[row] ?? 1)) continue;
    if (scores?.some((values) => Number.isNaN(values[row]))) continue;
    kept.push(row);
  }
  if (kept.length === 0) throw unanswered(labels.length, roles);
  const moved = (values: Int32Array) =>
    Int32Array.from(kept, (row) =>
      (values[row] as number) < 0 ? -1 : (placeOf[values[row] as number] as number),
    );
  const take = (values: Float64Array) => Float64Array.from(kept, (row) => values[row] as number);
  return {
    task: "classification",
    rows: kept.length,
    classes: order.map((old) => names[old] as string),
    positive: positive === null ? null : (placeOf[positive] as number),
    labels: moved(labels),
    predictions: moved(predictions),
    probabilities: scores === null ? null : order.map((old) => take(scores[old] as Float64Array)),
    weights: weights === null ? null : take(weights),
    sources: Int32Array.from(kept),
    leftOut: labels.length - kept.length,
  };
}
