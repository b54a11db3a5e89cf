import type { ClassAnswers } from "../../answers/answers.ts";
import { AnswersError } from "../../answers/answers-error.ts";
import type { Estimate } from "../../statistics/interval/estimate.ts";
import { wilson } from "../../statistics/interval/share-interval.ts";
import { shareDifference, shareRatio } from "../../statistics/interval/two-shares.ts";
import type { Share } from "../../statistics/share.ts";
import type { RowGroups } from "./row-groups.ts";

/**
 * What is compared between groups.
 * - `demographicParity`: shares that are chosen (predicted positive), their difference
 * - `disparateImpact`: the same shares, their ratio
 * - `equalOpportunity`: of the positive rows, shares that are chosen (Hardt et al. 2016)
 * - `equalisedOdds`: the same, and of the negative rows too: the larger of both differences, of those whose interval
 *   leaves out 0 where there is one
 * - `predictiveParity`: of the chosen rows, shares that are positive (Chouldechova 2017)
 */
export type GapMeasure =
  | "demographicParity"
  | "disparateImpact"
  | "equalOpportunity"
  | "equalisedOdds"
  | "predictiveParity";

export const GAP_MEASURES: readonly GapMeasure[] = [
  "demographicParity",
  "disparateImpact",
  "equalOpportunity",
  "equalisedOdds",
  "predictiveParity",
];

/** One group, alone. Shares of nothing have the interval 0 to 1. */
export interface GroupRates {
  readonly name: string;
  readonly rows: number;
  readonly selection: Estimate;
  readonly truePositiveRate: Estimate;
  readonly falsePositiveRate: Estimate;
  readonly precision: Estimate;
}

/** A group against the one that all are compared with. */
export interface GroupGap {
  readonly group: string;
  readonly measure: GapMeasure;
  /** Its share less that of the other group; of `disparateImpact`, divided by it. */
  readonly value: number;
  /** With a confidence that is shared by all gaps: in so many repetitions all intervals hold. */
  readonly low: number;
  readonly high: number;
}

/** How a classifier treats groups. */
export interface GroupGaps {
  /** By what the rows are grouped. */
  readonly column: string;
  /** All others are compared with it. */
  readonly privileged: string;
  readonly groups: readonly GroupRates[];
  readonly gaps: readonly GroupGap[];
  /** Groups, or measures of a group, with too few rows to be judged, and why. */
  readonly notJudged: readonly {
    readonly group: string;
    readonly measure: GapMeasure | "all";
    readonly reason: string;
  }[];
}

/** Settings of `groupGaps`. */
export interface GroupGapsOptions {
  /** Fewest rows of a group; default 100. */
  readonly minimumSample?: number;
  /** Fewest rows that a share is of, such as positive rows; default 30. */
  readonly minimumCases?: number;
  /** The group that all are compared with; default: that of most rows. */
  readonly privileged?: string | undefined;
  /** Of all intervals together; default 0.95. */
  readonly confidence?: number;
  readonly measures?: readonly GapMeasure[];
}

/**
 * Are groups treated alike? Each group that is large enough is compared with the privileged one; those that are not are
 * listed, not left out. Rows count 1 each, whatever their weight.
 *
 * Differences have Newcombe's intervals, ratios Katz's, at a confidence that Bonferroni shares among them.
 *
 * @throws ChecksError SCANFLOW_ANSWERS_INVALID when there is no positive class, no row has it among three classes or
 * more, or the privileged group is not there
 */
export function groupGaps(
  answers: ClassAnswers,
  groups: RowGroups,
  {
    minimumSample = 100,
    minimumCases = 30,
    privileged,
    confidence = 0.95,
    measures = GAP_MEASURES,
  }: GroupGapsOptions = {},
): GroupGaps {
  const counts = countGroups(answers, groups);
  const large = counts.filter(({ rows }) => rows >= minimumSample);
  const first = choosePrivileged(large, { groups, privileged, minimumSample });
  const notJudged: GroupGaps["notJudged"][number][] = counts
    .filter(({ rows }) => rows > 0 && rows < minimumSample)
    .map(({ name, rows }) => ({
      group: name,
      measure: "all",
      reason: `${rows} rows, ${minimumSample} are the least`,
    }));
  const pairs = large
    .filter((own) => own !== first)
    .flatMap((own) => measures.map((measure) => ({ own, measure, short: shortest(own, first, measure) })));
  for (const { own, measure, short } of pairs) {
    if (short >= minimumCases) continue;
    notJudged.push({
      group: own.name,
      measure,
      reason: `${short} rows to be a share of, ${minimumCases} are the least`,
    });
  }
  const judged = pairs.filter(({ short }) => short >= minimumCases);
  // Equalised odds are two comparisons.
  const comparisons = judged.length + judged.filter(({ measure }) => measure === "equalisedOdds").length;
  const shared = 1 - (1 - confidence) / Math.max(1, comparisons);
  return {
    column: groups.column,
    privileged: first.name,
    groups: counts.filter(({ rows }) => rows > 0).map((own) => ratesOf(own, confidence)),
    gaps: judged.map(({ own, measure }) => ({
      group: own.name,
      measure,
      ...gapOf(own, first, { measure, confidence: shared }),
    })),
    notJudged,
  };
}

interface GroupCounts {
  readonly name: string;
  rows: number;
  chosen: number;
  positives: number;
  negatives: number;
  hits: number;
  falseAlarms: number;
}

function countGroups(
  { rows, classes, positive, labels, predictions, sources }: ClassAnswers,
  { names, codes }: RowGroups,
): GroupCounts[] {
  if (positive === null)
    throw new AnswersError(
      "",
      'Groups are compared by how often they are chosen: name the class "positive".',
    );
  const counts = names.map((name) => ({
    name,
    rows: 0,
    chosen: 0,
    positives: 0,
    negatives: 0,
    hits: 0,
    falseAlarms: 0,
  }));
  for (let row = 0; row < rows; row += 1) {
    const own = counts[codes[sources[row] as number] as number];
    if (own === undefined) continue;
    const label = labels[row] as number;
    const chosen = Number(predictions[row] === positive);
    own.rows += 1;
    own.chosen += chosen;
    if (label < 0) continue;
    if (label === positive) {
      own.positives += 1;
      own.hits += chosen;
    } else {
      own.negatives += 1;
      own.falseAlarms += chosen;
    }
  }
  if (classes.length > 2 && counts.every(({ chosen, positives }) => chosen + positives === 0)) {
    const others = classes.filter((_, at) => at !== positive).slice(0, 5);
    throw new AnswersError(
      "",
      `No row is, or was predicted, "${classes[positive]}": name one of ${others.join(", ")} as "positive".`,
    );
  }
  return counts;
}

function choosePrivileged(
  large: readonly GroupCounts[],
  {
    groups,
    privileged,
    minimumSample,
  }: { groups: RowGroups; privileged: string | undefined; minimumSample: number },
): GroupCounts {
  const [most] = large.toSorted((a, b) => b.rows - a.rows);
  const chosen = privileged === undefined ? most : large.find(({ name }) => name === privileged);
  if (chosen !== undefined) return chosen;
  const wanted = privileged === undefined ? "no group" : `no group "${privileged}"`;
  throw new AnswersError(
    groups.column,
    `Column "${groups.column}" has ${wanted} of ${minimumSample} rows or more: gather more rows, or name another group.`,
  );
}

/** The fewest rows that a share of the measure is of, on either side. */
function shortest(own: GroupCounts, first: GroupCounts, measure: GapMeasure): number {
  const sizes = [own, first].flatMap(({ rows, chosen, positives, negatives }) => {
    if (measure === "equalOpportunity") return [positives];
    if (measure === "equalisedOdds") return [positives, negatives];
    return measure === "predictiveParity" ? [Math.min(chosen, positives + negatives)] : [rows];
  });
  return Math.min(...sizes);
}

const selection = ({ chosen, rows }: GroupCounts): Share => ({ hits: chosen, rows });
const recall = ({ hits, positives }: GroupCounts): Share => ({ hits, rows: positives });
const fallout = ({ falseAlarms, negatives }: GroupCounts): Share => ({
  hits: falseAlarms,
  rows: negatives,
});
const precision = ({ hits, falseAlarms }: GroupCounts): Share => ({ hits, rows: hits + falseAlarms });

function gapOf(
  own: GroupCounts,
  first: GroupCounts,
  { measure, confidence }: { readonly measure: GapMeasure; readonly confidence: number },
): Pick<GroupGap, "value" | "low" | "high"> {
  const difference = (share: (group: GroupCounts) => Share) =>
    shareDifference(share(own), share(first), confidence);
  switch (measure) {
    case "demographicParity":
      return difference(selection);
    case "disparateImpact":
      return shareRatio(selection(own), selection(first), confidence);
    case "equalOpportunity":
      return difference(recall);
    case "predictiveParity":
      return difference(precision);
    case "equalisedOdds": {
      const both = [difference(recall), difference(fallout)];
      const real = both.filter(({ low, high }) => low > 0 || high < 0);
      return larger(real.length > 0 ? real : both);
    }
  }
}

function larger(gaps: readonly Pick<GroupGap, "value" | "low" | "high">[]) {
  return gaps.reduce((most, gap) => (Math.abs(gap.value) > Math.abs(most.value) ? gap : most));
}

function ratesOf(own: GroupCounts, confidence: number): GroupRates {
  const share = ({ hits, rows }: Share) => wilson(hits, rows, confidence);
  return {
    name: own.name,
    rows: own.rows,
    selection: share(selection(own)),
    truePositiveRate: share(recall(own)),
    falsePositiveRate: share(fallout(own)),
    precision: share(precision(own)),
  };
}
