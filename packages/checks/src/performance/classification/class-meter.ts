import type { ClassAnswers } from "../../answers/answers.ts";
import { byName } from "../../answers/class-names.ts";
import { brierScores, logLosses } from "../../answers/probability-losses.ts";
import { createRandom } from "../../random/random.ts";
import { createMeans } from "../interval/weighted-means.ts";
import type { PerformanceOptions } from "../performance-options.ts";
import type { ClassPerformance } from "../performance-report.ts";
import { createScoreStore, type ScoreStore } from "./score-store.ts";
import { summariseClasses } from "./summarise-classes.ts";

/** How well a classifier does, batch by batch, in bounded memory. */
export interface ClassMeter {
  add(answers: ClassAnswers): void;
  finish(): ClassPerformance;
}

export function createClassMeter(options: Required<PerformanceOptions>): ClassMeter {
  const names: string[] = [];
  const counts: number[][] = [];
  const stores: ScoreStore[] = [];
  const losses = createMeans(2);
  const rowLosses: [number, number][] = [];
  let positive: string | null = null;
  let withScores = true;
  let weighted = false;
  let rows = 0;
  let leftOut = 0;
  let weight = 0;
  let squares = 0;

  function placeOf(name: string): number {
    const known = names.indexOf(name);
    if (known >= 0) return known;
    for (const row of counts) row.push(0);
    names.push(name);
    counts.push(new Array<number>(names.length).fill(0));
    return names.length - 1;
  }

  function add(answers: ClassAnswers): void {
    const places = answers.classes.map(placeOf);
    const { labels, predictions, probabilities, weights } = answers;
    if (answers.positive !== null) positive = answers.classes[answers.positive] ?? null;
    leftOut += answers.leftOut;
    withScores &&= probabilities !== null;
    weighted ||= weights !== null;
    const logs = withScores ? logLosses(answers) : null;
    const squaresOf = withScores ? brierScores(answers) : null;
    for (let row = 0; row < answers.rows; row += 1) {
      const label = labels[row] as number;
      if (label < 0) {
        leftOut += 1;
        continue;
      }
      const own = weights?.[row] ?? 1;
      const truth = places[label] as number;
      ((counts[truth] as number[])[places[predictions[row] as number] as number] as number) += own;
      rows += 1;
      weight += own;
      squares += own * own;
      if (logs === null || squaresOf === null) continue;
      const loss: [number, number] = [logs[row] as number, squaresOf[row] as number];
      losses.add(loss, own);
      if (rows <= options.bootstrapRows) rowLosses.push(loss);
    }
    if (probabilities === null) return;
    const two = answers.classes.length === 2 && answers.positive !== null;
    const each = Math.max(1_000, Math.floor(options.exactScores / (two ? 1 : answers.classes.length)));
    for (const [at, scores] of probabilities.entries()) {
      if (two && at !== answers.positive) continue;
      const place = places[at] as number;
      const store = stores[place] ?? createScoreStore(each);
      stores[place] = store;
      for (let row = 0; row < answers.rows; row += 1) {
        const label = labels[row] as number;
        if (label >= 0) store.add(scores[row] as number, label === at, weights?.[row] ?? 1);
      }
    }
  }

  function finish(): ClassPerformance {
    const order = names
      .map((_, place) => place)
      .sort((a, b) => byName(names[a] as string, names[b] as string));
    const means = withScores ? losses.finish() : null;
    return summariseClasses(
      {
        classes: order.map((place) => names[place] as string),
        counts: order.map((truth) => order.map((said) => counts[truth]?.[said] ?? 0)),
        positive: positive === null ? null : order.indexOf(names.indexOf(positive)),
        stores: withScores ? order.map((place) => stores[place] ?? null) : null,
        losses: means,
        rowLosses: !weighted && rows <= options.bootstrapRows ? rowLosses : null,
        weighted,
        rows,
        leftOut,
        effectiveRows: weight ** 2 / squares || 0,
      },
      { ...options, random: createRandom(options.seed, "performance") },
    );
  }

  return { add, finish };
}
