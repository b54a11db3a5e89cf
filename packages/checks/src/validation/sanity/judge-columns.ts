import type { CheckContext } from "../../checker/checker.ts";
import { encodeFeatures } from "../../slices/table/encode-features.ts";
import { classCounts } from "../infer-classes.ts";
import type { Fault } from "../schema.ts";
import { type ColumnPair, pairColumns, pairedColumns } from "./column-pairs.ts";
import { constantFaults, identifierFaults, namingColumns } from "./columns-alone.ts";
import { groupSizes, imbalanceFaults, smallGroupFaults } from "./group-sizes.ts";
import { leakFaults } from "./leak-faults.ts";
import { copyFaults } from "./pair-faults.ts";
import type { SanityOptions } from "./sanity-options.ts";
import type { Side } from "./side.ts";
import { type Predictor, singlePredictors } from "./single-predictors.ts";
import { readTarget } from "./target.ts";

/** What a window's columns say without a reference. */
export interface JudgedColumns {
  readonly faults: readonly Fault[];
  /** Columns that name rows: those that the user says, and those that look so. */
  readonly naming: readonly string[];
  readonly predictors: readonly Predictor[];
  readonly pairs: readonly ColumnPair[];
  /** Rows of each class; none without a label of classes. */
  readonly classes: ReadonlyMap<string, number>;
}

export async function judgeColumns(
  side: Side,
  reference: Side | null,
  { options, context }: { readonly options: SanityOptions; readonly context: Pick<CheckContext, "random"> },
): Promise<JudgedColumns> {
  const { profile, sample, dataset } = side;
  const { label, ids, minimumGroup } = options;
  const constants = constantFaults(profile, options);
  const constant = constants.flatMap(({ column }) => column ?? []);
  const seeming = namingColumns(profile, label, reference?.profile ?? null).filter(
    (name) => !constant.includes(name),
  );
  const naming = [...new Set([...ids, ...seeming])];
  const classes =
    label === undefined || options.task === "regression" ? new Map() : classCounts(profile, label);
  const skills = constant.includes(label ?? "") ? null : skillsOf(side, options, context);
  const classNumber = skills?.target.kind === "values" ? new Map<string, number>() : classes;
  const paired = pairedColumns(sample, new Set([...naming, ...constant]));
  const pairs = pairColumns(sample, paired);
  const groups = await Promise.all(
    options.groups.map(async (columns) =>
      smallGroupFaults(await groupSizes(dataset, columns), {
        column: columns.join(", "),
        least: minimumGroup,
        what: "groups",
      }),
    ),
  );
  const labelled =
    label === undefined
      ? []
      : [
          ...smallGroupFaults(classNumber, { column: label, least: minimumGroup, what: "classes" }),
          ...imbalanceFaults(classNumber, { label, minimumRatio: options.minimumRatio }),
        ];
  return {
    faults: [
      ...(skills?.faults ?? []),
      ...constants,
      ...identifierFaults(profile, { naming, known: ids }),
      ...copyFaults(
        pairs.filter(({ columns }) => label === undefined || !columns.includes(label)),
        { rows: profile.rows, limit: options.copy },
      ),
      ...labelled,
      ...groups.flat(),
    ],
    naming,
    predictors: skills?.predictors ?? [],
    pairs,
    classes: classNumber,
  };
}

function skillsOf(
  { sample, profile }: Side,
  options: SanityOptions,
  { random }: Pick<CheckContext, "random">,
) {
  const { label, ids } = options;
  if (label === undefined) return null;
  const target = readTarget(sample, label, options.task);
  const columns = sample.columns
    .filter(({ name, kind }) => name !== label && kind !== "tensor" && !ids.includes(name))
    .map(({ name }) => name);
  const table = encodeFeatures(sample, { columns, bins: 100, levels: 200 });
  const predictors = singlePredictors(table, sample, { target, random: random("sanity/labels") });
  const faults = leakFaults(predictors, { ...options, label, target, rows: profile.rows });
  return { target, predictors, faults };
}
