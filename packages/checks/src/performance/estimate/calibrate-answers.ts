import type { ClassAnswers } from "../../answers/answers.ts";
import { type Calibrator, fitIsotonic } from "../calibration/isotonic.ts";
import { fitPlatt } from "../calibration/platt.ts";

/** How probabilities are mended on the reference. */
export type CalibrationMethod = "auto" | "isotonic" | "platt" | "none";

/** Fewer labels than this would make isotonic steps of noise. */
const FEWEST_FOR_STEPS = 1_000;

/** Gives a classifier's answers probabilities that are true of the reference. */
export type MendAnswers = (answers: ClassAnswers) => ClassAnswers;

/**
 * Learns, class by class against the others, what the probabilities are worth in the reference.
 *
 * @param method `auto`: isotonic from 1,000 rows on, below Platt's
 */
export function fitCalibration(reference: ClassAnswers, method: CalibrationMethod): MendAnswers {
  if (method === "none") return (answers) => answers;
  const steps = method === "isotonic" || (method === "auto" && reference.rows >= FEWEST_FOR_STEPS);
  const learn = (at: number): Calibrator => {
    const scores = reference.probabilities?.[at] ?? new Float64Array(0);
    const labels = Float64Array.from(reference.labels, (label) => Number(label === at));
    return (steps ? fitIsotonic : fitPlatt)(scores, labels, reference.weights);
  };
  if (reference.classes.length === 2) {
    const mend = learn(positiveOf(reference));
    return (answers) => (answers.probabilities === null ? answers : withPositive(answers, mend));
  }
  const names = new Map(reference.classes.map((name, at) => [name, learn(at)]));

  return (answers) => {
    const { probabilities, classes } = answers;
    if (probabilities === null) return answers;
    const mended = probabilities.map((scores, at) =>
      scores.map(names.get(classes[at] ?? "") ?? ((score) => score)),
    );
    return { ...answers, probabilities: normalised(mended) };
  };
}

/** Of two classes. */
function positiveOf({ positive }: ClassAnswers): number {
  return positive ?? 1;
}

function withPositive(answers: ClassAnswers, mend: Calibrator): ClassAnswers {
  const at = positiveOf(answers);
  const mended = (answers.probabilities?.[at] ?? new Float64Array(answers.rows)).map(mend);
  const rest = mended.map((share) => 1 - share);
  return { ...answers, probabilities: at === 0 ? [mended, rest] : [rest, mended] };
}

function normalised(scores: readonly Float64Array[]): Float64Array[] {
  const rows = scores[0]?.length ?? 0;
  const totals = Float64Array.from({ length: rows }, (_, row) =>
    scores.reduce((sum, own) => sum + (own[row] as number), 0),
  );
  return scores.map((own) =>
    own.map((share, row) =>
      (totals[row] as number) > 0 ? share / (totals[row] as number) : 1 / scores.length,
    ),
  );
}
