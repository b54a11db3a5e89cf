import { cellOf } from "../../batch/cell-of.ts";
import type { ColumnBatch } from "../../batch/column-batch.ts";
import type { Figure } from "../../figure/figure.ts";
import { gravest } from "../../verdict/gravity.ts";
import type { Verdict, VerdictStatus } from "../../verdict/verdict.ts";
import { shareWords } from "../fault-words.ts";
import type { FarRows } from "../neighbours/far-rows.ts";
import type { Disagreement } from "./check-poison.ts";

const ROWS = "(rows)";
const LISTED = 20;
const NAMED = 5;

/** What was measured of a window. */
export interface PoisonFindings {
  readonly label: string;
  readonly window: string;
  readonly significance: number;
  readonly minimumShare: number;
  /** The index in the window of each judged row. */
  readonly rows: readonly number[];
  readonly batch: ColumnBatch;
  readonly labels: {
    readonly quiet: readonly Disagreement[];
    readonly loud: readonly Disagreement[];
    readonly pValue: number;
  };
  readonly strange: FarRows;
}

export function poisonVerdict(findings: PoisonFindings): Verdict {
  const { label, window, labels, strange, rows } = findings;
  const before = shareOf(labels.quiet);
  const now = shareOf(labels.loud);
  const far = strange.ratios.filter((ratio) => ratio > 1).length / Math.max(1, strange.ratios.length);
  // A flipped label is outvoted unless its neighbours are wrong, too; twice the share is for two questions.
  const flipped = Math.max(0, (now - before) / Math.max(0.1, 1 - 2 * before));
  const injected = Math.max(0, (far - strange.quiet) / (1 - strange.quiet));
  const labelStatus = statusOf(findings, { pValue: 2 * labels.pValue, effect: flipped });
  const rowStatus = statusOf(findings, { pValue: 2 * strange.pValue, effect: injected });
  const suspects = labels.loud
    .filter(({ outvoted }) => outvoted)
    .sort((a, b) => b.share - a.share || a.row - b.row);
  const outliers = strange.ratios
    .map((ratio, row) => ({ ratio, row }))
    .filter(({ ratio }) => ratio > 1)
    .sort((a, b) => b.ratio - a.ratio || a.row - b.row);
  const rowNumber = (row: number) => (rows[row] ?? 0) + 1;
  return {
    status: gravest([labelStatus, rowStatus]),
    kind: "integrity",
    message: describe(findings, {
      labelStatus,
      rowStatus,
      shares: { before, now, far, flipped, injected },
      first: {
        suspects: suspects.map(({ row }) => rowNumber(row)),
        outliers: outliers.map(({ row }) => rowNumber(row)),
      },
    }),
    columns: labelStatus === "ok" ? [] : [label],
    evidence: {
      [label]: {
        status: labelStatus,
        outvoted: now,
        referenceOutvoted: before,
        estimatedShare: flipped,
        pValue: Math.min(1, 2 * labels.pValue),
        suspiciousRows: suspects.slice(0, LISTED).map(({ row }) => rowNumber(row)),
      },
      [ROWS]: {
        status: rowStatus,
        strange: far,
        referenceStrange: strange.quiet,
        estimatedShare: injected,
        pValue: Math.min(1, 2 * strange.pValue),
        suspiciousRows: outliers.slice(0, LISTED).map(({ row }) => rowNumber(row)),
      },
    },
    figures: [
      {
        kind: "bars",
        title: `Suspicious rows of ${window}`,
        x: "question",
        y: "share of rows",
        categories: ["outvoted by their neighbours", "far from all others"],
        series: [
          { name: "reference", values: [before, strange.quiet] },
          { name: "current", values: [now, far] },
        ],
      },
      ...suspectTable(findings, suspects),
    ],
  };
}

function shareOf(rows: readonly Disagreement[]): number {
  return rows.filter(({ outvoted }) => outvoted).length / Math.max(1, rows.length);
}

function statusOf(
  { significance, minimumShare }: PoisonFindings,
  { pValue, effect }: { readonly pValue: number; readonly effect: number },
): VerdictStatus {
  if (pValue > significance) return "ok";
  return effect >= minimumShare ? "alarm" : "warning";
}

function describe(
  { label, window, rows }: PoisonFindings,
  {
    labelStatus,
    rowStatus,
    shares: { before, now, far, flipped, injected },
    first,
  }: {
    readonly labelStatus: VerdictStatus;
    readonly rowStatus: VerdictStatus;
    readonly shares: {
      readonly before: number;
      readonly now: number;
      readonly far: number;
      readonly flipped: number;
      readonly injected: number;
    };
    readonly first: { readonly suspects: readonly number[]; readonly outliers: readonly number[] };
  },
): string {
  const some = (numbers: readonly number[]) => numbers.slice(0, NAMED).join(", ");
  const sentences = [];
  if (labelStatus !== "ok") {
    sentences.push(
      `"${label}": ${shareWords(now)} of ${rows.length} rows have another label than most of their nearest rows, ` +
        `${shareWords(before)} have in the reference; about ${shareWords(flipped)} of the labels may be wrong.`,
      `Have rows ${some(first.suspects)} labelled again, before you train.`,
    );
  }
  if (rowStatus !== "ok") {
    sentences.push(
      `${shareWords(far)} of ${rows.length} rows lie farther from the reference than 98 % of its own do; about ${shareWords(injected)} may come from elsewhere.`,
      `See where rows ${some(first.outliers)} come from, before you train.`,
    );
  }
  if (sentences.length === 0)
    sentences.push(
      `${rows.length} rows of "${window}" lie among those of the reference, with labels like theirs.`,
    );
  return sentences.join(" ");
}

function suspectTable({ batch, rows, label }: PoisonFindings, suspects: readonly Disagreement[]): Figure[] {
  if (suspects.length === 0) return [];
  const columns = batch.columns.filter(({ kind, name }) => kind !== "tensor" && name !== label).slice(0, 6);
  return [
    {
      kind: "table",
      title: "Labels that their neighbours contradict most",
      columns: ["row", label, "neighbours say", ...columns.map(({ name }) => name)],
      rows: suspects
        .slice(0, LISTED)
        .map(({ row, label: own, majority }) => [
          (rows[row] ?? 0) + 1,
          own,
          majority,
          ...columns.map((column) => cellOf(column, row)),
        ]),
    },
  ];
}
