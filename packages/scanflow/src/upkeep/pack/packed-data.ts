import { type Application, type DataName, dataOfPlan, formatDataName } from "@scanflow/core";
import { damaged } from "@scanflow/tracking/archive";
import type { SqlStore } from "@scanflow/tracking/store";
import { carriedVersions, carryVersions, noteVersions } from "../../catalog/index.ts";
import type { UpkeepRooms } from "../upkeep-rooms.ts";
import { parts } from "./manifest.ts";
import { planOf } from "./needed-files.ts";
import { type Packed, packText } from "./packed-files.ts";

export interface PackedData {
  readonly files: readonly Packed[];
  /** Digests of the contents that belong to it. */
  readonly digests: readonly string[];
  readonly names: readonly string[];
  /** Versions that are not here, or whose content is not. */
  readonly leftOut: readonly string[];
}

/** The versions of data that the workflows name, as they are meant now: they cannot do without. */
export async function packData(rooms: UpkeepRooms, application: Application): Promise<PackedData> {
  const { carried, unknown } = await carryVersions(rooms.store, namesIn(application));
  const [digests, names, leftOut]: [string[], string[], string[]] = [[], [], [...unknown]];
  for (const { dataset, version } of carried) {
    const name = formatDataName({ dataset: dataset.name, version: version.version });
    if (await rooms.artifacts.has(version.digest)) {
      digests.push(version.digest);
      names.push(name);
    } else leftOut.push(name);
  }
  const files = carried.length === 0 ? [] : [packText(parts.data, JSON.stringify(carried))];
  return { files, digests, names, leftOut };
}

/** Notes the versions of an archive in the database of the state that was unpacked. Errors: SCANFLOW_PACK_DAMAGED. */
export async function unpackData(store: SqlStore, text: string): Promise<void> {
  let carried: unknown;
  try {
    carried = JSON.parse(text);
  } catch (cause) {
    throw damaged(`${parts.data} is no JSON`, cause);
  }
  const parsed = carriedVersions.safeParse(carried);
  if (!parsed.success) throw damaged(`${parts.data} is no list of versions`, parsed.error);
  await noteVersions(store, parsed.data);
}

function namesIn(application: Application): DataName[] {
  return application.workflows.flatMap(({ name }) => {
    const plan = planOf(application, name);
    return plan ? dataOfPlan(plan) : [];
  });
}
