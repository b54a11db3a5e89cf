import type { KeyValue } from "../context.ts";
import type { Statement } from "../store/index.ts";
import { note, type Stamp } from "./note.ts";

/** Behind the making of a model and its tags; a model that was there already is passed over. */
export function noteModelMade(stamp: Stamp, name: string): Statement[] {
  const isNew = `NOT EXISTS (SELECT 1 FROM registry_history h WHERE h.model = m.id AND h.field = `;
  const rows = [[name]];
  return [
    note(stamp, {
      field: "description",
      after: "m.description",
      from: `tracking_models m WHERE m.name = ? AND m.description <> '' AND ${isNew} 'model')`,
      rows,
    }),
    note(stamp, {
      field: "tag",
      key: "t.key",
      after: "t.value",
      from: `tracking_model_tags t JOIN tracking_models m ON m.id = t.model WHERE m.name = ? AND ${isNew} 'model')`,
      rows,
    }),
    note(stamp, {
      field: "model",
      after: "m.name",
      from: `tracking_models m WHERE m.name = ? AND ${isNew} 'model')`,
      rows,
    }),
  ];
}

/** Before the change, as all that follow. */
export function noteModelDescription(stamp: Stamp, model: number, description: string): Statement {
  return note(stamp, {
    field: "description",
    before: "m.description",
    after: "CAST(? AS TEXT)",
    from: "tracking_models m WHERE m.id = ? AND COALESCE(m.description, '') <> CAST(? AS TEXT)",
    rows: [[description, model, description]],
  });
}

/** Behind the change: a model is found under its new name, too. */
export function noteModelName(stamp: Stamp, model: number, before: string): Statement {
  return note(stamp, {
    field: "name",
    before: "CAST(? AS TEXT)",
    after: "m.name",
    from: "tracking_models m WHERE m.id = ? AND m.name <> ?",
    rows: [[before, model, before]],
  });
}

export function noteModelDeleted(stamp: Stamp, model: number): Statement {
  return note(stamp, {
    field: "model",
    before: "m.name",
    from: "tracking_models m WHERE m.id = ?",
    rows: [[model]],
  });
}

export function noteModelTags(stamp: Stamp, name: string, tags: readonly KeyValue[]): Statement {
  return note(stamp, {
    field: "tag",
    key: "CAST(? AS TEXT)",
    before: "t.value",
    after: "CAST(? AS TEXT)",
    from: `tracking_models m LEFT JOIN tracking_model_tags t ON t.model = m.id AND t.key = ?
      WHERE m.name = ? AND (t.value IS NULL OR t.value <> CAST(? AS TEXT))`,
    rows: tags.map(({ key, value }) => [key, value, key, name, value]),
  });
}

export function noteModelTagGone(stamp: Stamp, model: number, key: string): Statement {
  return note(stamp, {
    field: "tag",
    key: "t.key",
    before: "t.value",
    from: "tracking_model_tags t JOIN tracking_models m ON m.id = t.model WHERE t.model = ? AND t.key = ?",
    rows: [[model, key]],
  });
}

export function noteAlias(
  stamp: Stamp,
  { model, alias, version }: { model: number; alias: string; version: number },
): Statement {
  return note(stamp, {
    field: "alias",
    key: "CAST(? AS TEXT)",
    before: "CAST(a.version AS TEXT)",
    after: "CAST(? AS TEXT)",
    from: `tracking_models m LEFT JOIN tracking_aliases a ON a.model = m.id AND a.alias = ?
      WHERE m.id = ? AND (a.version IS NULL OR a.version <> CAST(? AS BIGINT))`,
    rows: [[alias, String(version), alias, model, version]],
  });
}

export function noteAliasGone(stamp: Stamp, model: number, alias: string): Statement {
  return note(stamp, {
    field: "alias",
    key: "a.alias",
    before: "CAST(a.version AS TEXT)",
    from: "tracking_aliases a JOIN tracking_models m ON m.id = a.model WHERE a.model = ? AND a.alias = ?",
    rows: [[model, alias]],
  });
}
