import type { SqlStore } from "@scanflow/tracking/store";
import type { UpkeepRooms } from "./upkeep-rooms.ts";
import { experimentIds, type WipeScope } from "./wipe-scope.ts";

/** How much is kept of a workflow or an application. */
export interface Traces {
  readonly runs: number;
  readonly events: number;
  readonly trackerRuns: number;
  /** Versions of models, by the model's name. */
  readonly modelVersions: Readonly<Record<string, number>>;
  /** Versions of datasets. */
  readonly dataVersions: number;
}

export async function countTraces(rooms: UpkeepRooms, scope: WipeScope): Promise<Traces> {
  const { store, trackers } = rooms;
  const runs = scope.runs === null ? null : JSON.stringify([...scope.runs]);
  const count = async (table: string) => {
    const [row] = await store.read<{ n: number }>(
      `SELECT count(*) AS n FROM ${table} WHERE ?1 IS NULL OR run IN (SELECT value FROM json_each(?1))`,
      [runs],
    );
    return row?.n ?? 0;
  };
  let trackerRuns = 0;
  const modelVersions: Record<string, number> = {};
  for (const id of ["", ...scope.trackers]) {
    const found = await trackers.borrow(id, ({ context }) => tracked(context.store, scope));
    trackerRuns += found.runs;
    for (const { name, versions } of found.models)
      modelVersions[name] = (modelVersions[name] ?? 0) + versions;
  }
  const [data] =
    runs === null ? await store.read<{ n: number }>("SELECT count(*) AS n FROM catalog_versions") : [];
  return {
    runs: await count("runs"),
    events: await count("events"),
    ...{ trackerRuns, modelVersions, dataVersions: data?.n ?? 0 },
  };
}

interface Tracked {
  readonly runs: number;
  readonly models: readonly { readonly name: string; readonly versions: number }[];
}

async function tracked(store: SqlStore, { experiments }: WipeScope): Promise<Tracked> {
  const ids = JSON.stringify((await experimentIds(store, experiments)).map(Number));
  const among = "r.experiment IN (SELECT value FROM json_each(?))";
  const [row] = await store.read<{ n: number }>(`SELECT count(*) AS n FROM tracking_runs r WHERE ${among}`, [
    ids,
  ]);
  const models = await store.read<Tracked["models"][number]>(
    `SELECT m.name, count(*) AS versions FROM tracking_versions v JOIN tracking_models m ON m.id = v.model
       JOIN tracking_runs r ON r.run_id = v.run_id
     WHERE v.stage <> 'Deleted_Internal' AND ${among} GROUP BY m.name ORDER BY m.name`,
    [ids],
  );
  return { runs: row?.n ?? 0, models };
}
