import { applicationsOf } from "../access/role.ts";
import type { Context, Page } from "../context.ts";
import { checkModelName, parseVersion } from "../registry/model.ts";
import { fromPageToken, toPage } from "../search/page-token.ts";
import type { HistoryField } from "./note.ts";

/** One change of a registered model or of a version. */
export interface Change {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Who made it; empty when nobody said. */
  readonly user: string;
  /** Tells models apart that had the same name one after the other. */
  readonly model: number;
  /** The model's name at that time. */
  readonly name: string;
  /** Absent for what concerns the model as a whole, its aliases included. */
  readonly version: number | undefined;
  /** `model` and `version` say that it was made (no `before`) or deleted (no `after`); a version's value is its source. */
  readonly field: HistoryField;
  /** The key of a tag or the name of an alias. */
  readonly key: string | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface HistoryQuery {
  /** The model's name, now or at any time before. */
  readonly name: string;
  /** Only what concerns this version: the aliases that pointed at it, too. */
  readonly version?: string | undefined;
  /** Default: all. */
  readonly maxResults?: number | undefined;
  readonly pageToken?: string | undefined;
}

interface ChangeRow {
  readonly model: number;
  readonly at_ms: number;
  readonly user_name: string;
  readonly name: string;
  readonly version: number | null;
  readonly field: HistoryField;
  readonly key: string | null;
  readonly old_value: string | null;
  readonly new_value: string | null;
}

/**
 * What was changed in the registry, by whom and when, from the first change to the last; also of models and versions
 * that were deleted. A name that nothing ever had gives nothing. Errors: SCANFLOW_TRACKING_INVALID.
 */
export async function registryHistory(context: Context, query: HistoryQuery): Promise<Page<Change>> {
  const { name, maxResults = Number.MAX_SAFE_INTEGER - 1, pageToken } = query;
  checkModelName(name);
  const offset = fromPageToken(pageToken);
  const number = query.version === undefined ? undefined : parseVersion(query.version);
  const seen = context.actor && applicationsOf(context.actor, "viewer");
  if (seen?.length === 0) return { items: [] };
  const ofVersion = "AND (version = ? OR (field = 'alias' AND (old_value = ? OR new_value = ?)))";
  const visible = seen && `AND application IN (${seen.map(() => "?").join(", ")})`;
  const found = await context.store.read<ChangeRow>(
    `SELECT model, at_ms, user_name, name, version, field, key, old_value, new_value FROM registry_history
      WHERE model IN (SELECT model FROM registry_history WHERE name = ?)
      ${number === undefined ? "" : ofVersion} ${visible ?? ""} ORDER BY id LIMIT ? OFFSET ?`,
    [
      name,
      ...(number === undefined ? [] : [number, String(number), String(number)]),
      ...(seen ?? []),
      maxResults + 1,
      offset,
    ],
  );
  const { rows, next } = toPage(found, offset, maxResults);
  const items = rows.map(toChange);
  return next === undefined ? { items } : { items, nextPageToken: next };
}

function toChange(row: ChangeRow): Change {
  return {
    model: row.model,
    atMs: row.at_ms,
    user: row.user_name,
    name: row.name,
    version: row.version ?? undefined,
    field: row.field,
    key: row.key ?? undefined,
    before: row.old_value ?? undefined,
    after: row.new_value ?? undefined,
  };
}
