import type { Column, ColumnKind } from "../batch/column.ts";
import { countValid } from "../batch/validity.ts";
import type { FloatSorter } from "../maths/sort.ts";
import { type BinFinder, createBinFinder } from "./bin-finder.ts";
import { type ChosenCuts, type ColumnPart, chooseCuts, cutsOf } from "./choose-cuts.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { CompleteProfileOptions } from "./profile-options.ts";
import { columnProfile } from "./profile-parts.ts";
import type { RunningColumn } from "./running-column.ts";
import { summariseColumn } from "./summarise-column.ts";
import type { SegmentedColumn } from "./summarise-segments.ts";
import { unfitting } from "./unfitting-column.ts";

/** A column of the table that is profiled; its kind is that of its first value. */
export interface TableColumn {
  readonly name: string;
  /** Throws when the column is of another kind than before; one that is missing altogether fits any. */
  check(column: Column, rows: number): void;
  /** @param complete whether no more rows follow */
  add(parts: readonly ColumnPart[], complete: boolean): void;
  /** A batch of it as segments take it, with the bins in which its numbers are counted until some are joined. */
  segmented(column: Column, rows: number): SegmentedColumn;
  close(): ColumnProfile;
}

type Settings = CompleteProfileOptions & { readonly sort: FloatSorter };

export function createTableColumn(name: string, settings: Settings): TableColumn {
  const known = settings.like === undefined ? undefined : columnProfile(settings.like, name);
  let kind: ColumnKind | null = null;
  let emptyKind: ColumnKind = "number";
  let cuts: ChosenCuts | null = null;
  let finder: BinFinder | null = null;
  let running: RunningColumn | null = null;
  let absent = 0;

  function start(first: ColumnKind, parts: readonly ColumnPart[], complete: boolean): RunningColumn {
    const { seed, firstRow, categories, sort, bins } = settings;
    cuts = known?.kind === first ? cutsOf(known) : chooseCuts(parts, { bins, complete, sort });
    return summariseColumn(first, { seed, firstRow, sort, name, cuts, categories });
  }

  return {
    name,
    check(column, rows) {
      if (kind === column.kind || countValid(column.validity, rows) === 0) return;
      if (kind !== null) throw unfitting(`Column "${name}" holds ${kind}s and then ${column.kind}s`);
      kind = column.kind;
    },
    add(parts, complete) {
      for (const { column, rows } of parts) if (kind === null && rows > 0) emptyKind = column.kind;
      const own = parts.filter(({ column }) => column.kind === kind);
      for (const { column, rows } of parts) if (column.kind !== kind) absent += rows;
      if (kind !== null) running ??= start(kind, own, complete);
      for (const { column, rows } of own) running?.add(column, rows);
    },
    segmented(column, rows) {
      if (cuts !== null) finder ??= createBinFinder(cuts.lists[0] ?? []);
      const numeric = column.kind === kind && (column.kind === "number" || column.kind === "time");
      const bins = numeric && finder !== null ? finder.binsOf(column.values, rows) : new Int32Array(0);
      return { column, kind, cuts: finder?.cuts ?? [], bins };
    },
    close() {
      const profile = (running ?? start(known?.kind ?? emptyKind, [], true)).close();
      return { ...profile, nulls: profile.nulls + absent };
    },
  };
}
