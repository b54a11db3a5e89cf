import type { KeyValue } from "../context.ts";
import { deletedStage } from "../registry/model.ts";
import type { SqlValue, Statement } from "../store/index.ts";
import { type HistoryField, note, type Stamp } from "./note.ts";

const versions = "tracking_versions v JOIN tracking_models m ON m.id = v.model";

/** Behind the making of a model's newest version and its tags; one that was there already is passed over. */
export function noteVersionMade(stamp: Stamp, name: string): Statement[] {
  const newest = `m.name = ? AND v.version = (SELECT MAX(n.version) FROM tracking_versions n WHERE n.model = m.id)
    AND v.stage <> '${deletedStage}' AND NOT EXISTS (SELECT 1 FROM registry_history h
      WHERE h.model = v.model AND h.version = v.version AND h.field = 'version')`;
  const rows = [[name]];
  const column = (field: HistoryField, value: string) =>
    note(stamp, {
      field,
      version: "v.version",
      after: value,
      from: `${versions} WHERE ${value} <> '' AND ${newest}`,
      rows,
    });
  return [
    column("run_id", "v.run_id"),
    column("model_id", "v.model_id"),
    column("description", "v.description"),
    note(stamp, {
      field: "tag",
      version: "v.version",
      key: "t.key",
      after: "t.value",
      from: `${versions} JOIN tracking_version_tags t ON t.model = v.model AND t.version = v.version WHERE ${newest}`,
      rows,
    }),
    note(stamp, {
      field: "version",
      version: "v.version",
      after: "v.source",
      from: `${versions} WHERE ${newest}`,
      rows,
    }),
  ];
}

interface Place {
  readonly model: number;
  readonly version: number;
}

/** Before the change, as all that follow. */
export function noteVersionDescription(
  stamp: Stamp,
  { model, version }: Place,
  description: string,
): Statement {
  return note(stamp, {
    field: "description",
    version: "v.version",
    before: "v.description",
    after: "CAST(? AS TEXT)",
    from: `${versions} WHERE v.model = ? AND v.version = ? AND COALESCE(v.description, '') <> CAST(? AS TEXT)`,
    rows: [[description, model, version, description]],
  });
}

export function noteStage(stamp: Stamp, { model, version }: Place, stage: string): Statement {
  return note(stamp, {
    field: "stage",
    version: "v.version",
    before: "v.stage",
    after: "CAST(? AS TEXT)",
    from: `${versions} WHERE v.model = ? AND v.version = ? AND v.stage <> ?`,
    rows: [[stage, model, version, stage]],
  });
}

/** The versions that leave a stage for the one that enters it. */
export function noteArchived(stamp: Stamp, { model, version }: Place, stage: string): Statement {
  return note(stamp, {
    field: "stage",
    version: "v.version",
    before: "v.stage",
    after: "'Archived'",
    from: `${versions} WHERE v.model = ? AND v.version <> ? AND v.stage = ?`,
    rows: [[model, version, stage]],
  });
}

export function noteVersionTag(stamp: Stamp, { model, version }: Place, { key, value }: KeyValue): Statement {
  return note(stamp, {
    field: "tag",
    version: "v.version",
    key: "CAST(? AS TEXT)",
    before: "t.value",
    after: "CAST(? AS TEXT)",
    from: `${versions} LEFT JOIN tracking_version_tags t
        ON t.model = v.model AND t.version = v.version AND t.key = ?
      WHERE v.model = ? AND v.version = ? AND (t.value IS NULL OR t.value <> CAST(? AS TEXT))`,
    rows: [[key, value, key, model, version, value]],
  });
}

/** Tags that a version gets unless it has them. */
export function noteTagsAdded(
  stamp: Stamp,
  { name, runId, source }: { name: string; runId: string; source: string },
  tags: readonly KeyValue[],
): Statement {
  return note(stamp, {
    field: "tag",
    version: "v.version",
    key: "CAST(? AS TEXT)",
    after: "CAST(? AS TEXT)",
    from: `${versions} LEFT JOIN tracking_version_tags t
        ON t.model = v.model AND t.version = v.version AND t.key = ?
      WHERE m.name = ? AND v.run_id = ? AND v.source = ? AND v.stage <> '${deletedStage}' AND t.value IS NULL`,
    rows: tags.map(({ key, value }) => [key, value, key, name, runId, source]),
  });
}

export function noteVersionTagGone(stamp: Stamp, { model, version }: Place, key: string): Statement {
  return note(stamp, {
    field: "tag",
    version: "t.version",
    key: "t.key",
    before: "t.value",
    from: `tracking_version_tags t JOIN tracking_models m ON m.id = t.model
      WHERE t.model = ? AND t.version = ? AND t.key = ?`,
    rows: [[model, version, key]],
  });
}

/** A version that goes, and the aliases that go with it. */
export function noteVersionDeleted(stamp: Stamp, { model, version }: Place): Statement[] {
  const rows = [[model, version]];
  return [
    noteAliasesGone(stamp, "a.model = ? AND a.version = ?", rows),
    note(stamp, {
      field: "version",
      version: "v.version",
      before: "v.source",
      from: `${versions} WHERE v.model = ? AND v.version = ?`,
      rows,
    }),
  ];
}

/**
 * Before these versions are removed for good: what is kept of them is that they were removed, by whom and when. That
 * they were deleted before does not help them.
 */
export function forgetVersions(stamp: Stamp, places: readonly Place[]): Statement[] {
  const rows = places.map(({ model, version }) => [model, version]);
  return [
    noteAliasesGone(stamp, "a.model = ? AND a.version = ?", rows),
    note(stamp, {
      field: "purged",
      version: "v.version",
      from: `${versions} WHERE v.model = ? AND v.version = ? AND NOT EXISTS (SELECT 1 FROM registry_history h
        WHERE h.model = v.model AND h.version = v.version AND h.field = 'purged')`,
      rows,
    }),
    {
      sql: "DELETE FROM registry_history WHERE field <> 'purged' AND model = ? AND version = ?",
      rows,
    },
  ];
}

function noteAliasesGone(stamp: Stamp, where: string, rows: readonly (readonly SqlValue[])[]): Statement {
  return note(stamp, {
    field: "alias",
    key: "a.alias",
    before: "CAST(a.version AS TEXT)",
    from: `tracking_aliases a JOIN tracking_models m ON m.id = a.model WHERE ${where}`,
    rows,
  });
}
