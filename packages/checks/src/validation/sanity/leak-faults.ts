import { shareWords } from "../fault-words.ts";
import type { Fault } from "../schema.ts";
import type { Predictor } from "./single-predictors.ts";
import type { Target } from "./target.ts";

/** Columns that alone tell the label nearly perfectly: what they hold may be known only once the label is. */
export function leakFaults(
  predictors: readonly Predictor[],
  {
    label,
    target,
    rows,
    minimumSkill,
    alarmSkill,
  }: {
    readonly label: string;
    readonly target: Target;
    readonly rows: number;
    readonly minimumSkill: number;
    readonly alarmSkill: number;
  },
): Fault[] {
  const what = target.kind === "classes" ? "tells the classes apart to" : "explains the label's ranks to";
  return predictors
    .filter(({ skill, byChance }) => skill >= minimumSkill && skill > byChance)
    .sort((a, b) => b.skill - a.skill)
    .map(({ column, skill, low, high, byChance }) => ({
      rule: "leak",
      status: low >= alarmSkill ? "alarm" : "warning",
      column,
      rows,
      firstRows: [],
      examples: [],
      message:
        `alone it ${what} ${shareWords(skill)} (${shareWords(Math.max(0, low))} to ${shareWords(Math.min(1, high))}), ` +
        `on held-out rows; a shuffled label is told to ${shareWords(Math.max(0, byChance))} at most`,
      action: `see whether it is known before "${label}" is; if not, leave it out: the model would learn nothing else`,
    }));
}
