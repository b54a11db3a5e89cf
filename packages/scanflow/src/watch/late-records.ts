import type { Verdict } from "@scanflow/checks";
import type { StreamWindows } from "@scanflow/checks/stream";

/** So many records in a row that came too late are told of, and then ten times as many. */
const FIRST = 100;

/** Watches for records that come too late one after another: one whose time is far ahead closes the windows of all. */
export interface LateRecords {
  /** Takes note of the record that was added last; a verdict when there have been so many in a row. */
  seen(windows: StreamWindows): Verdict | null;
  /** How many there have been in a row. */
  row(): number;
}

/** @param known too late when the windows were taken up. @param row how many of them one after another */
export function lateRecords(known: number, row: number): LateRecords {
  let [before, inRow] = [known, row];
  return {
    seen(windows) {
      const { records, newestMs } = windows.late();
      inRow = records > before ? inRow + 1 : 0;
      before = records;
      if (inRow < FIRST || !Number.isInteger(Math.log10(inRow / FIRST)) || newestMs === null) return null;
      const newest = new Date(newestMs).toISOString();
      return {
        status: "invalid",
        kind: "integrity",
        message: `The last ${inRow} records came too late and were not judged: a record of ${newest} has closed their windows. If its time is wrong, see what gives the records their times; if the others are late, allow them a longer lateness. Then begin anew under another name.`,
        columns: [],
        evidence: {},
      };
    },
    row: () => inRow,
  };
}
