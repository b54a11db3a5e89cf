import { judgeAnswers } from "../../answers/judge-answers.ts";
import { type ModelRoles, roleColumns } from "../../answers/model-roles.ts";
import { labelled, readAnswers } from "../../answers/read-answers.ts";
import { readRoles } from "../../answers/read-roles.ts";
import type { Checker, Dataset } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { gatherRows } from "../../checker/dataset-rows.ts";
import type { Figure } from "../../figure/figure.ts";
import { gravest } from "../../verdict/gravity.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { growErrorTree } from "../search/error-tree.ts";
import { findWorstSlices, type WorstSlice, type WorstSlices } from "../search/find-worst-slices.ts";
import type { WorstSlicesOptions } from "../search/slice-options.ts";
import { encodeFeatures } from "../table/encode-features.ts";
import type { SliceTableOptions } from "../table/feature-plan.ts";
import { takeTable } from "../table/take-table.ts";
import { LOSS_NAMES, type LossName, rowLosses } from "./row-losses.ts";

interface Settings extends WorstSlicesOptions {
  readonly roles: ModelRoles;
  readonly table: SliceTableOptions;
  readonly loss: LossName;
  readonly alarmEffect: number;
}

/**
 * On what part of the rows does the model err more? Finds the worst slices by itself (`findWorstSlices`).
 *
 * - `alarm`: a slice's effect size is at least `alarmEffect` (default .5, a medium one), significantly
 * - `warning`: at least `minimumEffect` (default .2, a small one), significantly
 *
 * Params: the roles (with `label`); `columns` to slice by (default: all that are no answers), `bins` of numbers (4),
 * `levels` of texts (50), `depth` (2), `minimumSupport` in rows, `significance` (.05), `limit` (10), `loss`: error,
 * log-loss or brier of classes, absolute-error or squared-error of values. The reference is not used.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param
 */
export const slicesChecker: Checker = async (window, _reference, context) => {
  const params = checkerParams(
    context,
    'Give {"label", "prediction" or "probabilities", "task"}, and as you like "columns", "depth", "loss".',
  );
  const { number, whole } = params;
  params.needText("label");
  const own = readRoles(params);
  const settings: Settings = {
    roles: own,
    table: {
      columns: params.texts("columns"),
      bins: whole("bins", 4, [2, 100]),
      levels: whole("levels", 50, [2, 200]),
    },
    loss: params.choice("loss", LOSS_NAMES, own.task === "regression" ? "absolute-error" : "error"),
    depth: whole("depth", 2, [1, 3]),
    minimumSupport:
      params.given("minimumSupport") === undefined ? undefined : number("minimumSupport", 32, [2, 1e9]),
    minimumEffect: number("minimumEffect", 0.2, [0, 100]),
    significance: number("significance", 0.05, [1e-12, 1]),
    limit: whole("limit", 10, [1, 1_000]),
    alarmEffect: number("alarmEffect", 0.5, [0, 100]),
  };
  params.refuseOthers();
  return judgeAnswers("performance", () => judge(window, settings));
};

async function judge(window: Dataset, settings: Settings): Promise<Verdict> {
  const { roles, loss } = settings;
  const batch = await gatherRows(window);
  const answers = labelled(readAnswers(batch, roles), roles.label ?? "");
  const used = roleColumns(roles);
  const columns =
    settings.table.columns ??
    batch.columns
      .filter(({ kind, name }) => !used.includes(name) && kind !== "tensor" && kind !== "time")
      .map(({ name }) => name);
  const table = takeTable(encodeFeatures(batch, { ...settings.table, columns }), answers.sources);
  if (table.features.length === 0) {
    return invalidVerdict(
      "performance",
      'There is no column to slice by: give some that are no answers and have two values, or name "columns".',
    );
  }
  const losses = rowLosses(answers, loss);
  const found = findWorstSlices(table, losses, settings);
  const tree = growErrorTree(table, losses, { minimumSupport: found.minimumSupport });
  return verdictOf(
    found,
    tree.map(({ text, rows, loss: own }) => [text, rows, own]),
    settings,
  );
}

function verdictOf(
  found: WorstSlices,
  leaves: readonly (readonly [string, number, number])[],
  { loss, alarmEffect }: Settings,
): Verdict {
  const { slices, rows, tested } = found;
  const [worst] = slices;
  const statusOf = ({ effect }: WorstSlice) => (effect >= alarmEffect ? "alarm" : "warning");
  const status = gravest(slices.map(statusOf));
  const named = loss === "error" ? "share of errors" : `mean ${loss}`;
  const told = slices
    .slice(0, 3)
    .map(
      (slice) =>
        `${slice.text} (${named} ${slice.loss.value.toFixed(3)} on ${slice.rows} rows, elsewhere ${slice.otherLoss.toFixed(3)})`,
    );
  return {
    status,
    kind: "performance",
    message:
      worst === undefined
        ? `No slice of ${rows} rows is worse than the rest: ${tested} were tested, ${named} ${found.loss.toFixed(3)}.`
        : `The model errs more where ${told.join("; ")}. ${tested} slices were tested. Look at rows of these, and gather more of them to train on.`,
    columns: [...new Set(slices.flatMap(({ conditions }) => conditions.map(({ column }) => column)))],
    evidence: Object.fromEntries(
      slices.map((slice) => [slice.text, { status: statusOf(slice), ...evidenceOf(slice) }]),
    ),
    figures: figuresOf(found, leaves, named),
  };
}

function evidenceOf({ text: _, conditions, loss, difference, effect, ...others }: WorstSlice) {
  return {
    ...others,
    conditions: conditions.map((condition) => ({ ...condition })),
    loss: { ...loss },
    difference: { ...difference },
    effect: Number.isFinite(effect) ? effect : null,
  };
}

function figuresOf(
  { slices, loss }: WorstSlices,
  leaves: readonly (readonly [string, number, number])[],
  named: string,
): Figure[] {
  const bars: Figure = {
    kind: "bars",
    title: "The worst slices",
    x: "slice",
    y: named,
    categories: [...slices.map(({ text }) => text), "all rows"],
    series: [
      {
        name: named,
        values: [...slices.map((slice) => slice.loss.value), loss],
        low: [...slices.map((slice) => slice.loss.low), null],
        high: [...slices.map((slice) => slice.loss.high), null],
      },
    ],
  };
  const tree: Figure = {
    kind: "table",
    title: "Where errors are, by a small tree",
    columns: ["rows where", "rows", named],
    rows: leaves,
  };
  return slices.length === 0 ? [tree] : [bars, tree];
}
