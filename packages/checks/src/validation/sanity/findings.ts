import type { Fault } from "../schema.ts";
import type { JudgedColumns } from "./judge-columns.ts";
import type { JudgedByReference } from "./judge-reference.ts";
import type { SanityOptions } from "./sanity-options.ts";
import type { Side } from "./side.ts";

/** All that was found. */
export interface SanityFindings {
  readonly window: Side;
  readonly reference: Side | null;
  readonly options: SanityOptions;
  readonly columns: JudgedColumns;
  readonly rows: readonly Fault[];
  readonly compared: JudgedByReference | null;
}
