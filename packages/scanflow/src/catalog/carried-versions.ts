import { type DataName, formatDataName, isDatasetName } from "@scanflow/core";
import type { SqlStore } from "@scanflow/tracking/store";
import { z } from "zod";
import { dataset, dataVersion } from "../api/index.ts";
import { pulledDatasetRow, pulledVersionRows, readDatasets } from "./catalog-rows.ts";

/** An archive may come from anybody, and a dataset's name becomes part of places in remotes. */
const name = z.string().refine(isDatasetName);

/** Versions of data as an archive carries them: what is said of each, without the content. */
export const carriedVersions = z.array(
  z.object({ dataset: dataset.omit({ versions: true }).extend({ name }), version: dataVersion }),
);

type CarriedVersions = z.output<typeof carriedVersions>;

/** The versions that names mean now, and the names that mean none. */
export async function carryVersions(
  store: SqlStore,
  names: readonly DataName[],
): Promise<{ carried: CarriedVersions; unknown: string[] }> {
  const datasets = await readDatasets(store);
  const carried = new Map<string, CarriedVersions[number]>();
  const unknown: string[] = [];
  for (const name of names) {
    const { versions = [], ...told } = datasets.find((one) => one.name === name.dataset) ?? {};
    const version = versions.find((one) => name.version === null || one.version === name.version);
    if (!version || !("name" in told)) unknown.push(formatDataName(name));
    else
      carried.set(formatDataName({ dataset: told.name, version: version.version }), {
        dataset: told,
        version,
      });
  }
  return { carried: [...carried.values()], unknown };
}

/** Notes versions that were carried here, under the numbers that they have; what is known here stays. */
export async function noteVersions(store: SqlStore, carried: CarriedVersions): Promise<void> {
  await store.write(
    carried.flatMap(({ dataset: told, version }) => [
      pulledDatasetRow(told),
      ...pulledVersionRows(told.name, version),
    ]),
  );
}
