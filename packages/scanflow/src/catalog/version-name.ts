import { type DataName, isDatasetName, nearest, parseDataName, ScanflowError } from "@scanflow/core";
import type { Dataset, DataVersion } from "../api/index.ts";

/** A version with the dataset that it belongs to. */
export interface Found {
  readonly dataset: Dataset;
  readonly version: DataVersion;
}

/** A dataset's name, if it is one. Errors: SCANFLOW_DATA_NAME. */
export function checkDatasetName(name: string): string {
  if (isDatasetName(name)) return name;
  const close = closeName(name);
  const such = close === null ? "" : `, such as --name ${close}`;
  throw new ScanflowError(
    "SCANFLOW_DATA_NAME",
    `${JSON.stringify(name.slice(0, 120))} cannot be the name of a dataset. Name it with --name: up to 100 letters, digits, dots, dashes and underscores, the first a letter or a digit${such}.`,
  );
}

/** What is left of a name without its accents and with dashes for what may not stand in one. */
function closeName(name: string): string | null {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "");
  const close = plain.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replaceAll(/^[._-]+|-+$/g, "");
  return isDatasetName(close) ? close : null;
}

/** The name that a file or a folder gives to its dataset: its own, without what tells a file's format. */
export function nameOfFile(fileName: string, kind: "file" | "folder"): string {
  return checkDatasetName(kind === "folder" ? fileName : fileName.replace(/(?<=.)\.[^.]*$/, ""));
}

/** Reads `NAME` or `NAME@VERSION`. Errors: SCANFLOW_DATA_NAME. */
export function readVersionName(text: string): DataName {
  const name = parseDataName(text);
  if (name) return name;
  if (!text.includes("@")) checkDatasetName(text);
  throw new ScanflowError(
    "SCANFLOW_DATA_NAME",
    `${JSON.stringify(text.slice(0, 120))} names no version. Write NAME or NAME@VERSION, such as digits@3.`,
  );
}

/** Errors: SCANFLOW_DATA_UNKNOWN. */
export function findDataset(datasets: readonly Dataset[], name: string): Dataset {
  const found = datasets.find((one) => one.name === name);
  if (found) return found;
  const close = nearest(
    name,
    datasets.map((one) => one.name),
  );
  throw unknown(`There is no dataset "${name}"${close === undefined ? "" : ` (did you mean "${close}"?)`}.`);
}

/** Errors: SCANFLOW_DATA_UNKNOWN. */
export function findVersion(datasets: readonly Dataset[], name: DataName): Found {
  const dataset = findDataset(datasets, name.dataset);
  const { versions } = dataset;
  const wanted = name.version;
  const version = wanted === null ? versions[0] : versions.find((one) => one.version === wanted);
  if (version) return { dataset, version };
  const known = versions.map((one) => one.version).join(", ");
  throw unknown(
    `Dataset "${name.dataset}" has no version${wanted === null ? "" : ` ${wanted}`} here${known === "" ? "" : `; there is ${known}`}.`,
  );
}

function unknown(problem: string): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_DATA_UNKNOWN",
    `${problem} "scanflow data ls" lists what is here, "scanflow data pull" fetches what a remote has.`,
  );
}
