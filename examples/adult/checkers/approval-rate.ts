import type { Checker, Dataset } from "@scanflow/checks";
import { wilson } from "@scanflow/checks/statistics";

const POSITIVE = ">50K";

/**
 * Does the model say yes about as often as it is true? Compares the share of `>50K` among the window's predictions with
 * that among the reference's labels. Param `within`: how far they may lie apart (0.05).
 */
const approvalRate: Checker = async (window, reference, { params }) => {
  const within = Number(params.within ?? 0.05);
  const said = await countOf(window, "prediction");
  const wanted = reference === null ? null : await countOf(reference, "income");
  if (said === null || wanted === null) {
    return {
      status: "invalid",
      kind: "approval-rate",
      message: "Give a window with the column prediction, and a reference with the column income.",
      columns: [],
      evidence: {},
    };
  }
  const rate = wilson(said.yes, said.rows);
  const truth = wanted.yes / wanted.rows;
  // An alarm only when the whole interval lies outside: a small window is not accused of what chance does.
  const outside = rate.low > truth + within || rate.high < truth - within;
  const status = outside ? "alarm" : "ok";
  return {
    status,
    kind: "approval-rate",
    message: `The model says ${POSITIVE} of ${percent(rate.value)} (${percent(rate.low)} to ${percent(rate.high)}), where it is true of ${percent(truth)}.${outside ? " Train it again, or move its threshold." : ""}`,
    columns: outside ? ["prediction"] : [],
    evidence: { prediction: { status, rate: rate.value, low: rate.low, high: rate.high, truth, within } },
    figures: [
      {
        kind: "bars",
        title: `How often ${POSITIVE}`,
        x: "",
        y: "share of people",
        categories: ["true of the reference", "said by the model"],
        series: [
          { name: "share", values: [truth, rate.value], low: [null, rate.low], high: [null, rate.high] },
        ],
      },
    ],
  };
};
export default approvalRate;

/** From the profile alone: no row is read again. */
async function countOf(data: Dataset, name: string): Promise<{ yes: number; rows: number } | null> {
  const { columns } = await data.profile();
  const column = columns.find((each) => each.name === name);
  if (column?.kind !== "text" || column.count === 0) return null;
  const { texts, counts } = column.categories;
  return { yes: counts[texts.indexOf(POSITIVE)] ?? 0, rows: column.count };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
