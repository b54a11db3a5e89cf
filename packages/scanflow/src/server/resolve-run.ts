import { nearest, ScanflowError } from "@scanflow/core";
import type { Journal, RunRow } from "../engine/index.ts";

/**
 * The run that is meant by an id, by a beginning or end of one, or by `latest`. Errors: SCANFLOW_RUN_UNKNOWN,
 * SCANFLOW_RUN_AMBIGUOUS.
 */
export async function resolveRun(journal: Journal, text: string): Promise<RunRow> {
  const rows = await journal.runs();
  const [newest] = rows;
  if (!newest) {
    throw new ScanflowError(
      "SCANFLOW_RUN_UNKNOWN",
      `There is no run in this folder yet. Start one with "scanflow run".`,
    );
  }
  if (text === "latest") return newest;
  const exact = rows.find(({ run }) => run === text);
  if (exact) return exact;
  const meant = rows.filter(({ run }) => run.startsWith(text) || run.endsWith(text));
  const [one] = meant;
  if (one && meant.length === 1) return one;
  if (one) {
    const some = meant.slice(0, 5).map(({ run }) => run);
    throw new ScanflowError(
      "SCANFLOW_RUN_AMBIGUOUS",
      `"${text}" may mean ${meant.length} runs: ${some.join(", ")}${meant.length > 5 ? ", …" : ""}. Give more of the id.`,
    );
  }
  const close = nearest(
    text,
    rows.map(({ run }) => run),
  );
  throw new ScanflowError(
    "SCANFLOW_RUN_UNKNOWN",
    `There is no run "${text}" in this folder${close === undefined ? "" : ` (did you mean "${close}"?)`}. List the runs with "scanflow ls".`,
  );
}
