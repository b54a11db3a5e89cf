import { AnswersError } from "../../answers/answers-error.ts";
import { judgeAnswers } from "../../answers/judge-answers.ts";
import { type ModelRoles, roleColumns } from "../../answers/model-roles.ts";
import { readAnswers } from "../../answers/read-answers.ts";
import { readRoles } from "../../answers/read-roles.ts";
import type { Checker, Dataset } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { gatherRows } from "../../checker/dataset-rows.ts";
import type { BarsFigure, Figure } from "../../figure/figure.ts";
import type { JsonObject } from "../../json/json.ts";
import { gravest } from "../../verdict/gravity.ts";
import type { Verdict, VerdictStatus } from "../../verdict/verdict.ts";
import {
  GAP_MEASURES,
  type GapMeasure,
  type GroupGap,
  type GroupGaps,
  type GroupGapsOptions,
  groupGaps,
} from "../groups/group-gaps.ts";
import { readGroups } from "../groups/read-groups.ts";
import { rowGroups } from "../groups/row-groups.ts";
import { encodeFeatures } from "../table/encode-features.ts";

interface Settings extends GroupGapsOptions {
  readonly roles: ModelRoles;
  readonly groups: readonly (readonly string[])[];
  readonly privilegedOf: Readonly<Record<string, string>>;
  readonly maximumGap: number;
  readonly minimumRatio: number;
}

/**
 * Does the model treat groups of people alike? Compares every group of a column with the privileged one.
 *
 * - `alarm`: a difference is at least `maximumGap` (default .1) and its whole interval is on one side of 0, or a ratio
 *   is below `minimumRatio` (default .8, the four-fifths rule; or above 1 / .8) and its interval leaves out 1
 * - `warning`: the interval leaves out 0, or 1, but the gap is smaller
 * - groups below the minimum sample are named as not judged
 *
 * Params: the roles (`prediction` or `probabilities`, `positive`, and `label` for all but parity of choice); `groups`,
 * columns such as `["sex", "race"]`, or lists of them for their combinations; `privileged` by column, such as
 * `{ "sex": "Male" }`; `measures`; `minimumSample` of a group (100), `minimumCases` a share is of (30), `confidence`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const fairnessChecker: Checker = async (window, _reference, context) => {
  const params = checkerParams(context, 'Give {"groups", "prediction", "positive", "label"}.');
  const { read, number } = params;
  const groups = readGroups(params) ?? read.fail("groups", undefined, "a list of columns");
  const measureOf = (name: string, at: number): GapMeasure =>
    read.oneOf(GAP_MEASURES, name, `measures[${at}]`);
  const privileged = Object.entries(read.object(params.given("privileged") ?? {}, "privileged"));
  const grouped = groups.map((names) => names.join(", "));
  for (const [column, name] of privileged) {
    if (!grouped.includes(column))
      read.fail(`privileged.${column}`, name, `of one of the groups ${grouped.join("; ")}`);
  }
  const own = readRoles(params);
  const unlabelled = GAP_MEASURES.filter(
    (measure) => measure === "demographicParity" || measure === "disparateImpact",
  );
  const settings: Settings = {
    roles: { ...own, task: "classification" },
    groups,
    privilegedOf: Object.fromEntries(
      privileged.map(([column, name]) => [column, read.text(name, `privileged.${column}`)]),
    ),
    maximumGap: number("maximumGap", 0.1, [0, 1]),
    minimumRatio: number("minimumRatio", 0.8, [0, 1]),
    minimumSample: number("minimumSample", 100, [2, 1e9]),
    minimumCases: number("minimumCases", 30, [1, 1e9]),
    confidence: number("confidence", 0.95, [0.5, 1 - 1e-9]),
    measures:
      params.texts("measures")?.map(measureOf) ?? (own.label === undefined ? unlabelled : GAP_MEASURES),
  };
  params.refuseOthers();
  return judgeAnswers("fairness", () => judge(window, settings));
};

async function judge(window: Dataset, settings: Settings): Promise<Verdict> {
  const columns = [...new Set(settings.groups.flat())];
  const batch = await gatherRows(window, [...roleColumns(settings.roles), ...columns]);
  const answers = readAnswers(batch, settings.roles);
  if (answers.task === "regression")
    throw new AnswersError("", "Groups are compared by what is chosen: give a classifier's answers.");
  const table = encodeFeatures(batch, { columns });
  const found = settings.groups.map((names) => {
    const privileged = settings.privilegedOf[names.join(", ")];
    return groupGaps(answers, rowGroups(table, names), { ...settings, privileged });
  });
  const judged = found.map((gaps) => ({
    gaps,
    status: gravest(gaps.gaps.map((gap) => judgeGap(gap, settings))),
  }));
  const status = gravest(judged.map((own) => own.status));
  return {
    status,
    kind: "fairness",
    message: [...describe(judged, settings), ...describeNotJudged(found)].join(" "),
    columns: judged.filter((own) => own.status !== "ok").map(({ gaps }) => gaps.column),
    evidence: Object.fromEntries(judged.map((own) => [own.gaps.column, evidenceOf(own, settings)])),
    figures: found.flatMap(figuresOf),
  };
}

function judgeGap(
  { measure, value, low, high }: GroupGap,
  { maximumGap, minimumRatio }: Settings,
): VerdictStatus {
  const [equal, large] =
    measure === "disparateImpact"
      ? [1, value < minimumRatio || value > 1 / minimumRatio]
      : [0, Math.abs(value) >= maximumGap];
  if (low <= equal && equal <= high) return "ok";
  return large ? "alarm" : "warning";
}

interface Judged {
  readonly gaps: GroupGaps;
  readonly status: VerdictStatus;
}

function describe(judged: readonly Judged[], settings: Settings): string[] {
  const found = judged.filter(({ status }) => status === "alarm" || status === "warning");
  if (found.length === 0) {
    const groups = judged.map(({ gaps }) => `${gaps.column} (${gaps.gaps.length} comparisons)`);
    return [`No group is treated otherwise than another as far as the rows tell: by ${groups.join(", ")}.`];
  }
  const sentences = found.map(({ gaps, status }) => {
    const told = gaps.gaps
      .filter((gap) => judgeGap(gap, settings) === status)
      .sort((a, b) => weight(b) - weight(a))
      .slice(0, 3)
      .map(
        ({ group, measure, value, low, high }) =>
          `${measure} of ${group} ${Number.isFinite(value) ? value.toFixed(2) : "without bound"} (${low.toFixed(2)} to ${high.toFixed(2)})`,
      );
    return `By ${gaps.column}, against ${gaps.privileged}: ${told.join(", ")}.`;
  });
  return [
    ...sentences,
    "See whether the labels or the features bring it about before the model decides about people.",
  ];
}

function weight({ measure, value }: GroupGap): number {
  return measure === "disparateImpact" ? Math.abs(1 - Math.min(value, 1 / value)) : Math.abs(value);
}

function describeNotJudged(found: readonly GroupGaps[]): string[] {
  const small = found.flatMap(({ column, notJudged }) =>
    notJudged.map(
      ({ group, measure, reason }) =>
        `${column} ${JSON.stringify(group)}${measure === "all" ? "" : `, ${measure}`} (${reason})`,
    ),
  );
  if (small.length === 0) return [];
  const more = small.length > 8 ? `; and ${small.length - 8} more` : "";
  return [`Not judged: ${small.slice(0, 8).join("; ")}${more}.`];
}

function evidenceOf({ gaps, status }: Judged, settings: Settings): JsonObject {
  return {
    status,
    privileged: gaps.privileged,
    groups: gaps.groups.map(({ name, rows, ...rates }) => ({
      name,
      rows,
      ...Object.fromEntries(
        Object.entries(rates).map(([rate, { value, low, high }]) => [
          rate,
          [Number.isNaN(value) ? null : value, low, high],
        ]),
      ),
    })),
    gaps: gaps.gaps.map((gap) => ({
      ...gap,
      value: Number.isFinite(gap.value) ? gap.value : null,
      status: judgeGap(gap, settings),
    })),
    notJudged: gaps.notJudged.map((own) => ({ ...own })),
  };
}

function figuresOf({ column, groups }: GroupGaps): Figure[] {
  const rates = [
    ["chosen", "selection"],
    ["of positives", "truePositiveRate"],
    ["of negatives", "falsePositiveRate"],
  ] as const;
  const shown = groups.slice(0, 20);
  const part = (rate: (typeof rates)[number][1], of: "value" | "low" | "high") =>
    shown.map((group) => (Number.isNaN(group[rate].value) ? null : group[rate][of]));
  const figure: BarsFigure = {
    kind: "bars",
    title: `Who is chosen, by ${column}`,
    column,
    x: column,
    y: "share predicted positive",
    categories: shown.map(({ name, rows }) => `${name} (${rows})`),
    series: rates.map(([name, rate]) => ({
      name,
      values: part(rate, "value"),
      low: part(rate, "low"),
      high: part(rate, "high"),
    })),
  };
  return [figure];
}
