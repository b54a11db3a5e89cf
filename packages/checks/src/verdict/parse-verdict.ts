import { createJsonReader } from "../json/json-reader.ts";
import type { Verdict, VerdictStatus } from "./verdict.ts";

const statuses: readonly VerdictStatus[] = ["ok", "warning", "alarm", "invalid"];
const ACTION = 'A checker must write {"status", "kind", "message"} and may add "columns" and "evidence".';
const read = createJsonReader("SCANFLOW_VERDICT_INVALID", "The verdict", ACTION);

/**
 * Reads what a checker wrote, whichever language it was written in. `columns` and `evidence` may be left out; they
 * are then empty. Fields that a verdict does not have are dropped.
 *
 * @param input the JSON text, or what `JSON.parse` made of it
 * @throws ChecksError SCANFLOW_VERDICT_INVALID naming the field that is wrong
 */
export function parseVerdict(input: unknown): Verdict {
  const document = read.document(input);
  const columns = read.list(document.columns ?? [], "columns");
  const evidence = Object.entries(read.object(document.evidence ?? {}, "evidence"));
  return {
    status: parseStatus(document.status),
    kind: read.text(document.kind, "kind"),
    message: read.text(document.message, "message"),
    columns: columns.map((column, index) => read.text(column, `columns[${index}]`)),
    evidence: Object.fromEntries(
      evidence.map(([column, entry]) => [column, read.object(entry, `evidence.${column}`)]),
    ),
  };
}

function parseStatus(value: unknown): VerdictStatus {
  const status = statuses.find((known) => known === value);
  return status ?? read.fail("status", value, `one of ${statuses.join(", ")}`);
}
