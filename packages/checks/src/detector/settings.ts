import type { JsonObject } from "../json/json.ts";
import { createJsonReader } from "../json/json-reader.ts";
import { DETECTOR_KINDS, type DetectorKind } from "./detector.ts";
import type { RowColumn } from "./rows/row-columns.ts";

/** What travels with a detector's graph in the file's metadata. */
export interface Settings {
  readonly kind: DetectorKind;
  readonly columns: readonly RowColumn[];
  readonly image: readonly number[] | null;
  readonly views: readonly string[];
  readonly seed: number;
  /** Rows of the reference. */
  readonly rows: number;
  /** Those of them that the scores were calibrated on. */
  readonly heldOut: number;
  /** Of each standardised number of a table, the column that it comes from; empty for images. */
  readonly features: readonly string[];
}

const KEY = "scanflow.detector";
const VERSION = 1;
const read = createJsonReader(
  "SCANFLOW_DETECTOR_INVALID",
  `The detector's settings ("${KEY}" in the ONNX file)`,
  "Fit the detector again, or give a file that `save()` wrote.",
);

export function writeSettings(settings: Settings): Readonly<Record<string, string>> {
  return { [KEY]: JSON.stringify({ version: VERSION, ...settings }) };
}

/** @throws ChecksError SCANFLOW_DETECTOR_INVALID naming the field that is wrong */
export function readSettings(metadata: Readonly<Record<string, string>>): Settings {
  const document = read.document(metadata[KEY] ?? {});
  if (document.version !== VERSION) read.fail("version", document.version, `${VERSION}`);
  const kind = read.oneOf(DETECTOR_KINDS, document.kind, "kind");
  const image = document.image === null ? null : lengths(document.image, "image");
  return {
    kind,
    image,
    columns: read.list(document.columns, "columns").map((column, at) => readColumn(column, `columns[${at}]`)),
    views: read.list(document.views, "views").map((view, at) => read.text(view, `views[${at}]`)),
    seed: read.finite(document.seed, "seed"),
    rows: read.whole(document.rows, "rows"),
    heldOut: read.whole(document.heldOut, "heldOut"),
    features: read.list(document.features, "features").map((name, at) => read.text(name, `features[${at}]`)),
  };
}

function readColumn(value: unknown, path: string): RowColumn {
  const column: JsonObject = read.object(value, path);
  const name = read.text(column.name, `${path}.name`);
  switch (column.kind) {
    case "number":
    case "time":
    case "boolean":
      return { name, kind: column.kind };
    case "text": {
      const categories = read.list(column.categories, `${path}.categories`);
      return { name, kind: "text", categories: categories.map(String) };
    }
    case "tensor":
      return { name, kind: "tensor", shape: lengths(column.shape, `${path}.shape`) };
    default:
      return read.fail(`${path}.kind`, column.kind, "a kind of column");
  }
}

function lengths(value: unknown, path: string): number[] {
  return read.list(value, path).map((length, at) => read.whole(length, `${path}[${at}]`));
}
