import type { SqlStore, SqlValue, Statement } from "@scanflow/tracking/store";
import type { Dataset, DataVersion, Sensitivity } from "../api/index.ts";

interface DatasetRow {
  readonly name: string;
  readonly owner: string | null;
  readonly sensitivity: Sensitivity;
  readonly description: string | null;
  readonly told: number;
}

interface VersionRow {
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  readonly kind: "file" | "folder";
  readonly size: number;
  readonly files: number;
  readonly file_name: string;
  readonly columns_json: string | null;
  readonly note: string | null;
  readonly added_by: string | null;
  readonly added: number;
}

/** What is said of a dataset; what is left out stays as it was. */
export interface DatasetFacts {
  readonly owner?: string | undefined;
  readonly sensitivity?: Sensitivity | undefined;
  readonly description?: string | undefined;
}

/** All datasets by name, each with its versions, newest first. */
export async function readDatasets(store: SqlStore): Promise<Dataset[]> {
  const [datasets = [], versions = []] = await store.snapshot([
    { sql: "SELECT name, owner, sensitivity, description, told FROM catalog_datasets ORDER BY name" },
    { sql: "SELECT * FROM catalog_versions ORDER BY dataset, version DESC" },
  ]);
  const byDataset = Map.groupBy(versions as unknown as VersionRow[], ({ dataset }) => dataset);
  return (datasets as unknown as DatasetRow[]).map(({ name, ...facts }) => ({
    name,
    ...facts,
    versions: (byDataset.get(name) ?? []).map(versionOf),
  }));
}

function versionOf(row: VersionRow): DataVersion {
  const { version, digest, kind, size, files, note, added } = row;
  const schema = row.columns_json === null ? null : JSON.parse(row.columns_json);
  return {
    ...{ version, digest, kind, size, files, note, added, schema },
    fileName: row.file_name,
    addedBy: row.added_by,
  };
}

/** Makes a dataset, or tells what is new of it. */
export function datasetRow(name: string, facts: DatasetFacts, now: number): Statement {
  const { owner = null, sensitivity = null, description = null } = facts;
  const given: SqlValue[] = [owner, sensitivity, description];
  const said = given.some((one) => one !== null);
  return {
    sql: `INSERT INTO catalog_datasets (name, owner, sensitivity, description, last, told)
      VALUES (?, ?, COALESCE(CAST(? AS TEXT), 'internal'), ?, 0, ?)
      ON CONFLICT (name) DO UPDATE SET
        owner = COALESCE(CAST(? AS TEXT), catalog_datasets.owner),
        sensitivity = COALESCE(CAST(? AS TEXT), catalog_datasets.sensitivity),
        description = COALESCE(CAST(? AS TEXT), catalog_datasets.description),
        told = COALESCE(CAST(? AS BIGINT), catalog_datasets.told)`,
    params: [name, ...given, now, ...given, said ? now : null],
  };
}

/** Takes over what was said of a dataset elsewhere, if it was said later than here. */
export function pulledDatasetRow(dataset: Omit<Dataset, "versions">): Statement {
  const { name, owner, sensitivity, description, told } = dataset;
  return {
    sql: `INSERT INTO catalog_datasets (name, owner, sensitivity, description, last, told)
      VALUES (?, ?, ?, ?, 0, ?)
      ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, sensitivity = excluded.sensitivity,
        description = excluded.description, told = excluded.told
      WHERE catalog_datasets.told < excluded.told`,
    params: [name, owner, sensitivity, description, told],
  };
}

const differs = `COALESCE((SELECT digest FROM catalog_versions WHERE dataset = ? ORDER BY version DESC LIMIT 1), '') <> ?`;
const versionColumns =
  "digest, kind, size, files, file_name, columns_json, note, added_by, added, dataset, version";

/** Gives content the next version of its dataset, unless it is that of the newest one. */
export function nextVersionRows(dataset: string, version: Omit<DataVersion, "version">): Statement[] {
  return [
    {
      sql: `UPDATE catalog_datasets SET last = last + 1 WHERE name = ? AND ${differs}`,
      params: [dataset, dataset, version.digest],
    },
    {
      sql: `INSERT INTO catalog_versions (${versionColumns})
        SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT),
          CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), name, last
        FROM catalog_datasets WHERE name = ? AND ${differs}`,
      params: [...cells(version), dataset, dataset, version.digest],
    },
  ];
}

/** Notes a version that was made elsewhere, under the number that it has there. */
export function pulledVersionRows(dataset: string, version: DataVersion): Statement[] {
  return [
    {
      sql: `INSERT INTO catalog_versions (${versionColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (dataset, version) DO NOTHING`,
      params: [...cells(version), dataset, version.version],
    },
    {
      sql: "UPDATE catalog_datasets SET last = ? WHERE name = ? AND last < ?",
      params: [version.version, dataset, version.version],
    },
  ];
}

export function removalOf(dataset: string, version: number): Statement {
  return {
    sql: "DELETE FROM catalog_versions WHERE dataset = ? AND version = ?",
    params: [dataset, version],
  };
}

function cells(version: Omit<DataVersion, "version">): SqlValue[] {
  const { digest, kind, size, files, fileName, schema, note, addedBy, added } = version;
  const columns = schema === null ? null : JSON.stringify(schema);
  return [digest, kind, size, files, fileName, columns, note, addedBy, added];
}
