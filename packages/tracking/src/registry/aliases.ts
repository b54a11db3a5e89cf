import type { Context } from "../context.ts";
import { noteAlias, noteAliasGone } from "../history/model-notes.ts";
import { invalid, missing } from "../refusal.ts";
import { checkAlias, checkAliasFree, checkModelName, type Version } from "./model.ts";
import { modelRow } from "./models.ts";
import { latestVersions } from "./stages.ts";
import { getVersion, versionRow } from "./versions.ts";

/** Points an alias at a version, taking it from the one that had it. */
export async function setAlias(
  context: Context,
  { name, alias, version }: { name: string; alias: string; version: string },
): Promise<void> {
  checkModelName(name);
  checkAlias(alias);
  checkAliasFree(alias);
  const row = await versionRow(context, name, version);
  await context.store.write([
    noteAlias(context, { model: row.model, alias, version: row.version }),
    {
      sql: `INSERT INTO tracking_aliases (model, alias, version) VALUES (?, ?, ?)
        ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version`,
      params: [row.model, alias, row.version],
    },
  ]);
}

/** An alias that is not there is no error. */
export async function deleteAlias(context: Context, name: string, alias: string): Promise<void> {
  checkAlias(alias);
  const { id } = await modelRow(context, name);
  await context.store.write([
    noteAliasGone(context, id, alias),
    { sql: "DELETE FROM tracking_aliases WHERE model = ? AND alias = ?", params: [id, alias] },
  ]);
}

/** The version an alias points at; `latest` is the newest one. An unknown alias is an invalid value. */
export async function versionByAlias(context: Context, name: string, alias: string): Promise<Version> {
  checkAlias(alias);
  const { id } = await modelRow(context, name);
  if (alias.toLowerCase() === "latest") {
    const newest = (await latestVersions(context, name, [])).toSorted((a, b) => b.version - a.version)[0];
    if (!newest) throw missing(`Latest version not found for model ${name}.`);
    return newest;
  }
  const [row] = await context.store.read<{ version: number }>(
    "SELECT version FROM tracking_aliases WHERE model = ? AND alias = ?",
    [id, alias],
  );
  if (!row) throw invalid(`Registered model alias ${alias} not found.`);
  return getVersion(context, name, String(row.version));
}
