import type { ColumnBatch } from "../../batch/column-batch.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { SCANFLOW_2021, type Scanflow2021 } from "../preset/scanflow-2021.ts";
import type { DetectorParams } from "./detector-params.ts";
import { judgeShare } from "./judge-share.ts";

/** The two limits leave out a fortieth of the training rows each. */
const expected = 0.05;

/** A window by the original detector: the share of its rows outside the limits, in place of a share above a score. */
export async function judgeByScanflow2021(
  detector: Scanflow2021,
  rows: ColumnBatch,
  params: DetectorParams,
): Promise<Verdict> {
  const flags = await detector.flag(rows);
  const count = flags.filter(Boolean).length;
  const usual = { heldOut: detector.reference.rows, expected };
  const { share, pValue, status } = judgeShare({ count, rows: rows.rows }, usual, params);
  const action = status === "ok" ? "" : " Look at the flagged rows.";
  return {
    status,
    kind: "drift",
    message:
      `${(100 * share).toFixed(1)} % of ${rows.rows} rows lie outside the limits of ${SCANFLOW_2021} (5 % of its training ` +
      `rows do). Its scores depend on the window that a row is in: prefer the kind autoencoder.${action}`,
    columns: status === "ok" ? [] : detector.columns.slice(0, 3),
    evidence: {
      [detector.columns.length === 1 ? (detector.columns[0] ?? "rows") : "rows"]: {
        detector: SCANFLOW_2021,
        limits: detector.limits,
        share,
        expected,
        pValue,
        rows: rows.rows,
        flagged: [...flags.keys()].filter((row) => flags[row]).slice(0, params.worst),
      },
    },
  };
}
