import type { SqlStore } from "@scanflow/tracking/store";
import { catalogReferences } from "../catalog/index.ts";

/** Every digest that a tracker's database refers to. */
export const trackerReferences = `SELECT digest FROM tracking_artifacts
  UNION SELECT digest FROM tracking_versions WHERE digest IS NOT NULL
  UNION SELECT digest FROM tracking_upload_parts`;

/** Every digest that the runs, their attempts and the cache refer to, and the tracker and the catalog in the same database. */
export const references = `SELECT o.value AS digest FROM events e, json_each(e.data, '$.outputs') o
    WHERE e.event IN ('attempt-succeeded', 'attempt-failed', 'task-cached')
  UNION SELECT i.value FROM events e, json_each(e.data, '$.inputs') i WHERE e.event = 'run-created'
  UNION SELECT d.value ->> 'digest' FROM events e, json_each(e.data, '$.data') d WHERE e.event = 'run-created'
  UNION SELECT p.value FROM attempts a, json_each(a.parts) p WHERE p.key LIKE 'input: %'
  UNION SELECT o.value FROM cache c, json_each(c.outputs) o
  UNION ${catalogReferences}
  UNION ${trackerReferences}`;

export async function readDigests(store: SqlStore, query: string): Promise<string[]> {
  const rows = await store.read<{ digest: string }>(query);
  return rows.map(({ digest }) => digest);
}
