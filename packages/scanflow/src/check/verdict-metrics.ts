import type { Verdict } from "@scanflow/checks";

const STATUSES = ["alarm", "warning", "invalid"] as const;
const MOST_COLUMNS = 100;
/** Figures by column, metric or test that are worth a curve over runs. */
const FIGURES = ["effect", "adjustedPValue", "value", "estimate", "eceDebiased"] as const;

/**
 * What a tracker keeps of a verdict as numbers: how many columns are how bad, how large each column's effect is, and what
 * each metric or test measured.
 */
export function verdictMetrics({ evidence }: Verdict): (readonly [key: string, value: number])[] {
  const columns = Object.entries(evidence);
  const counts = STATUSES.map((status): [string, number] => [
    `${status}s`.replace("invalids", "invalid"),
    columns.filter(([, own]) => own.status === status).length,
  ]);
  const figures = columns.slice(0, MOST_COLUMNS).flatMap(([column, own]) =>
    FIGURES.flatMap((figure): [string, number][] => {
      const { [figure]: value } = own;
      return typeof value === "number" ? [[`${figure}/${keyOf(column)}`, value]] : [];
    }),
  );
  return [["columns", columns.length], ...counts, ...figures];
}

/** The characters that MLflow allows in the key of a metric. */
function keyOf(column: string): string {
  return column.replaceAll(/[^\w\-. ]/g, "_").slice(0, 200);
}
