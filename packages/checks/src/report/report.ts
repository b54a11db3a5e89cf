import type { Profile } from "../profile/profile.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** A table that a report is about. */
export interface ReportTable {
  /** A file's name, or which window of a stream. */
  readonly name: string;
  /** With it the report shows how each column is spread. */
  readonly profile?: Profile | null;
}

/** What a report is made of. */
export interface Report {
  readonly title: string;
  /** null when nothing was compared. */
  readonly reference: ReportTable | null;
  readonly current: ReportTable;
  /** Each checker by its name, with its answer. */
  readonly checks: readonly { readonly name: string; readonly verdict: Verdict }[];
  /** A line at the foot: when it was made, by what. */
  readonly made?: string;
}
