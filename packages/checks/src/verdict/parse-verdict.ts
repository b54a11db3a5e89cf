import type { Figure } from "../figure/figure.ts";
import { createJsonReader } from "../json/json-reader.ts";
import { STATUSES } from "./gravity.ts";
import type { Verdict } from "./verdict.ts";

const figureKinds: readonly Figure["kind"][] = ["bars", "histogram", "lines", "grid", "table", "images"];
const ACTION =
  'A checker must write {"status", "kind", "message"} and may add "columns", "evidence" and "figures".';
const read = createJsonReader("SCANFLOW_VERDICT_INVALID", "The verdict", ACTION);

/**
 * Reads what a checker wrote, whichever language it was written in. `columns` and `evidence` may be left out; they
 * are then empty. Of a figure its kind and title are looked at; what cannot be drawn is told where it is drawn. Fields that a verdict does not have are dropped.
 *
 * @param input the JSON text, or what `JSON.parse` made of it
 * @throws ChecksError SCANFLOW_VERDICT_INVALID naming the field that is wrong
 */
export function parseVerdict(input: unknown): Verdict {
  const document = read.document(input);
  const columns = read.list(document.columns ?? [], "columns");
  const evidence = Object.entries(read.object(document.evidence ?? {}, "evidence"));
  return {
    status: read.oneOf(STATUSES, document.status, "status"),
    kind: read.text(document.kind, "kind"),
    message: read.text(document.message, "message"),
    columns: columns.map((column, index) => read.string(column, `columns[${index}]`)),
    evidence: Object.fromEntries(
      evidence.map(([column, entry]) => [column, read.object(entry, `evidence.${column}`)]),
    ),
    ...(document.figures !== undefined && { figures: parseFigures(document.figures) }),
  };
}

function parseFigures(value: unknown): Figure[] {
  return read.list(value, "figures").map((entry, index) => {
    const path = `figures[${index}]`;
    const figure = read.object(entry, path);
    read.oneOf(figureKinds, figure.kind, `${path}.kind`);
    read.text(figure.title, `${path}.title`);
    return figure as unknown as Figure;
  });
}
