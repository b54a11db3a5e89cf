import { type DataName, formatDataName, nearest, type RunData, ScanflowError } from "@scanflow/core";
import type { Dataset } from "../api/index.ts";

/** Why a name cannot be resolved, and what helps. */
export interface DataProblem {
  readonly code: "SCANFLOW_DATA_UNKNOWN" | "SCANFLOW_DATA_MISSING";
  readonly name: string;
  readonly message: string;
}

/** What is to be known of a catalog, here or through its owner. */
export interface KnownData {
  readonly datasets: () => Promise<readonly Dataset[]>;
  /** Whether the content of a version is in the store here. */
  readonly isHere: (version: {
    readonly dataset: string;
    readonly version: number;
    readonly digest: string;
  }) => Promise<boolean>;
}

type Resolved = { readonly data: RunData } | { readonly problem: DataProblem };

/**
 * The versions that names mean at this moment, by their names. Their contents are here: a run does not fetch, so that it
 * depends on no network. Problems are told together, each on the line that `line` makes of it.
 * Errors: SCANFLOW_DATA_UNKNOWN, SCANFLOW_DATA_MISSING.
 */
export async function resolveData(
  { datasets: read, isHere }: KnownData,
  names: readonly DataName[],
  line: (problem: DataProblem) => string,
): Promise<Record<string, RunData>> {
  const datasets = await read();
  const found: Record<string, RunData> = {};
  const problems: DataProblem[] = [];
  for (const name of names) {
    const resolved = await resolve(isHere, datasets, name);
    if ("data" in resolved) found[formatDataName(name)] = resolved.data;
    else problems.push(resolved.problem);
  }
  const [first] = problems;
  if (first === undefined) return found;
  throw new ScanflowError(
    first.code,
    `${problems.length === 1 ? "A version of data" : "Versions of data"} that the workflow needs cannot be had:\n${problems
      .map((problem) => `  ${line(problem)}`)
      .join("\n")}\n"scanflow data ls --versions" lists what is here.`,
  );
}

async function resolve(
  isHere: KnownData["isHere"],
  datasets: readonly Dataset[],
  name: DataName,
): Promise<Resolved> {
  const text = formatDataName(name);
  const problem = (code: DataProblem["code"], message: string) => ({
    problem: { code, name: text, message },
  });
  const dataset = datasets.find((one) => one.name === name.dataset);
  const pull = `"scanflow data pull ${text}"`;
  if (!dataset || dataset.versions.length === 0) {
    const close = nearest(
      name.dataset,
      datasets.map((one) => one.name).filter((one) => one !== name.dataset),
    );
    const meant = close === undefined ? "" : ` (did you mean "${close}"?)`;
    const add = `"scanflow data add PATH --name ${name.dataset}"`;
    return problem(
      "SCANFLOW_DATA_UNKNOWN",
      `there is no dataset "${name.dataset}" here${meant}: fetch it with ${pull}, or add it with ${add}`,
    );
  }
  const { versions } = dataset;
  const version = versions.find((one) => name.version === null || one.version === name.version);
  if (!version) {
    const known = versions.map((one) => one.version).join(", ");
    return problem(
      "SCANFLOW_DATA_UNKNOWN",
      `dataset "${name.dataset}" has no version ${name.version} here (there is ${known}): fetch it with ${pull}, or name another`,
    );
  }
  const { digest, fileName } = version;
  const place = { dataset: dataset.name, version: version.version };
  if (await isHere({ ...place, digest })) return { data: { ...place, digest, fileName } };
  const exact = formatDataName(place);
  return problem(
    "SCANFLOW_DATA_MISSING",
    `the content of ${exact} is not here: fetch it with "scanflow data pull ${exact}"`,
  );
}
